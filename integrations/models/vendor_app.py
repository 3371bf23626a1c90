import uuid

from django.db import models
from django.db.models import Q

from accounts import encryption
from accounts.models import Organization
from integrations.types import App, AppKind


class VendorApp(models.Model):
    """An OAuth client that an organization registered at a provider itself (DESIGN: nouns).

    webhooks_proven_at: when the provider last proved that it knows the webhook secret.
    problem: what the check on saving found, a sentence for the admin; empty if all was well.
    refusal_told_at: when its admins were last told that the provider refuses its keys.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="vendor_apps")
    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=15)
    client_id = models.CharField(max_length=200)
    sealed_client_secret = models.TextField()
    sealed_webhook_secret = models.TextField(blank=True)
    account_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    webhooks_proven_at = models.DateTimeField(null=True, blank=True)
    refusal_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "provider", "kind"], name="one_own_app_of_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["personal", "organization", "server"]), name="app_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="server") | ~Q(account_id=""), name="server_app_names_its_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} app {self.pk}"

    @property
    def app(self) -> App:
        return App(
            provider=self.provider,
            kind=AppKind(self.kind),
            client_id=self.client_id,
            client_secret=encryption.decrypt(self.sealed_client_secret, owner=self._identity),
            webhook_secret=encryption.decrypt(self.sealed_webhook_secret, owner=self._identity),
            account_id=self.account_id,
            own=self.pk,
        )

    def seal(self, *, client_secret: str = "", webhook_secret: str = "") -> None:
        """Keep what is given; an empty one stays as it was."""
        if client_secret:
            self.sealed_client_secret = encryption.encrypt(client_secret, owner=self._identity)
        if webhook_secret:
            self.sealed_webhook_secret = encryption.encrypt(webhook_secret, owner=self._identity)

    def reseal(self) -> None:
        """The same secrets under the newest key."""
        app = self.app
        self.seal(client_secret=app.client_secret, webhook_secret=app.webhook_secret)

    @property
    def _identity(self) -> str:
        return f"app/{self.uid}"

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from accounts import redirect_addresses
from accounts.models.organization import Membership, Organization

OVERLAP = timedelta(days=7)
"""How long the former secret works beside a new one."""


class ApplicationState(models.TextChoices):
    WAITING = "waiting", _("Waits for an admin")
    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")


class Application(AbstractApplication):  # type: ignore[misc]  # the toolkit has no types
    """A program that acts for people who consent: a client of our OAuth server (RFC 6749, 2).

    user: who registered it; he may be gone.  redirect_uris: separated by spaces, compared to the letter.
    scopes: what it may ask for at most.  logo: a PNG, JPEG or WebP of at most 100 KB.
    former_secret: hashed like client_secret; it works until former_secret_until.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="applications")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    website = models.URLField(_("website"), max_length=500, blank=True)
    logo = models.BinaryField(blank=True, default=b"")
    logo_type = models.CharField(max_length=20, blank=True)
    scopes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.ACTIVE)
    former_secret = models.CharField(max_length=255, blank=True)
    former_secret_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="application_state_is_known"),
        ]

    @property
    def permitted_scopes(self) -> list[str]:
        return list(self.scopes)

    @property
    def is_confidential(self) -> bool:
        return bool(self.client_type == self.CLIENT_CONFIDENTIAL)

    @property
    def is_active(self) -> bool:
        return bool(self.state == ApplicationState.ACTIVE)

    @property
    def addresses(self) -> list[str]:
        return list(self.redirect_uris.split())

    @property
    def overlaps(self) -> bool:
        """The former secret still works beside the new one."""
        return self.former_secret_until is not None and self.former_secret_until > now()

    def get_absolute_url(self) -> str:
        return reverse("application", args=[self.organization.slug, self.uid])

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Stricter than the toolkit, which compares the parts."""
        return redirect_addresses.matches(uri, self.addresses)

    def get_allowed_schemes(self) -> list[str]:
        """Plain http only ever stands for one's own machine (RFC 8252, 7.3): nothing else can be registered."""
        return ["https", "http"]

    def is_usable(self, request: object) -> bool:
        """The toolkit asks before it authorizes, gives out a token, and takes one."""
        return self.is_active

    def allows_grant_type(self, *grant_types: str) -> bool:
        """A program with a secret may also act as itself, for its webhooks alone (scopes.py)."""
        own = {self.GRANT_AUTHORIZATION_CODE}
        if self.is_confidential:
            own.add(self.GRANT_CLIENT_CREDENTIALS)
        return not own.isdisjoint(grant_types)


class Consent(models.Model):
    """Somebody lets an application act for him, in one organization. Without this row its tokens are worth nothing.

    scopes: what he allowed; never more than that, whatever a token says.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consents")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="consents")
    scopes = models.JSONField(default=list)
    given_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="one_consent_per_person_and_application"),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class ApiKey(models.Model):
    """A key for scripts of one's own: acts for its member with some of what he may. Of the secret only a hash is kept.

    start: its first characters, by which its owner knows it.  warned_at: when he was told that it ends soon.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=120)
    start = models.CharField(max_length=16)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"API key {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > now()

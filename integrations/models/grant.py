from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts import encryption
from integrations.models.vendor_app import VendorApp
from integrations.types import AppKind, Token


class GrantStatus(models.TextChoices):
    ACTIVE = "active", _("Connected")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Access was removed by the user")
    ENDED = "ended", _("Access was ended by the provider")
    ROLE_LOST = "role_lost", _("The admin role was lost")
    MISCONFIGURED = "misconfigured", _("Our configuration is wrong")


_ENDING = ("status", "ended_at", "sealed_access_token", "sealed_refresh_token", "expires_at", "refreshing_until")


class LastCall(models.TextChoices):
    """What the provider last did for us: the proof that a connection works."""

    CONNECTED = "connected", _("account read")
    MADE = "made", _("meeting created")
    MOVED = "moved", _("meeting updated")
    REMOVED = "removed", _("meeting removed")
    LOOKED = "looked", _("meetings looked through")
    CALENDARS = "calendars", _("calendars read")
    EVENT_WRITTEN = "event_written", _("event written")
    EVENT_REMOVED = "event_removed", _("event removed")
    CONTACTS = "contacts", _("contacts read")
    CONTACT_MADE = "contact_made", _("contact created")
    REFRESHED = "refreshed", _("access renewed")


class Grant(models.Model):
    """One authorization by one account at a provider, shared by the connections that may use it.

    Unique per (client id, provider's user id): a second authorization by the same person to the same app kills the
    first one's tokens, across tenants too.
    version: of the server, where it makes a difference.
    kind, app: of the client; app is empty for the installation's own.  checked_at, check_problem: the last regular look
    (health.py), a sentence if it failed.  erased_at: when the person's data was removed, after he ended the access.
    """

    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=15, default=AppKind.PERSONAL.value)
    app = models.ForeignKey(VendorApp, on_delete=models.SET_NULL, null=True, blank=True, related_name="grants")
    client_id = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200)
    account_id = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    paid = models.BooleanField(null=True)
    scopes = models.JSONField(default=list)
    api_url = models.URLField(max_length=500, blank=True)
    version = models.CharField(max_length=20, blank=True)
    sealed_access_token = models.TextField(blank=True)
    sealed_refresh_token = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    authorized_at = models.DateTimeField(default=now)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    refreshing_until = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=15, choices=GrantStatus, default=GrantStatus.ACTIVE)
    ended_at = models.DateTimeField(null=True, blank=True)
    last_call_at = models.DateTimeField(null=True, blank=True)
    last_call = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    check_problem = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client_id", "external_id"], name="one_grant_per_client_and_user"),
            models.CheckConstraint(condition=Q(status__in=GrantStatus.values), name="grant_status_is_known"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in AppKind]), name="grant_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status == GrantStatus.ACTIVE

    @property
    def is_alive(self) -> bool:
        """Not ended: it has its tokens, though our own settings may keep us from using them just now."""
        return self.ended_at is None and self.status in (GrantStatus.ACTIVE, GrantStatus.MISCONFIGURED)

    @property
    def is_used(self) -> bool:
        """Somebody relies on it, or it waits to be confirmed."""
        return self.connections.exists() or self.arrivals.exists()

    @property
    def access_token(self) -> str:
        return encryption.decrypt(self.sealed_access_token, owner=self._identity)

    @property
    def refresh_token(self) -> str:
        return encryption.decrypt(self.sealed_refresh_token, owner=self._identity)

    def set_token(self, token: Token) -> None:
        """Seal both tokens. An answer that names no scopes or address leaves them as they were (RFC 6749, 5.1)."""
        self.sealed_access_token = encryption.encrypt(token.access_token, owner=self._identity)
        self.sealed_refresh_token = encryption.encrypt(token.refresh_token, owner=self._identity)
        self.expires_at = token.received_at + token.expires_in
        self.scopes = sorted(token.scopes) or self.scopes
        self.api_url = token.api_url or self.api_url

    def end(self, status: GrantStatus) -> None:
        """Over: without tokens, and the row knows since when."""
        self.status, self.ended_at = status, now()
        self.sealed_access_token = self.sealed_refresh_token = ""
        self.expires_at = self.refreshing_until = None
        self.save(update_fields=[*_ENDING])

    def erase(self) -> None:
        """The person's data goes, at once; the trace that stays is read by nobody, and lets him be known again."""
        self.external_id = self.trace(self.client_id, self.external_id)
        self.account_id = self.email = self.name = self.api_url = ""
        self.erased_at = now()
        self.save(update_fields=["external_id", "account_id", "email", "name", "api_url", "erased_at"])

    @staticmethod
    def trace(client_id: str, external_id: str) -> str:
        return salted_hmac("integrations.grant.trace", f"{client_id}/{external_id}", algorithm="sha256").hexdigest()

    def set_password(self, password: str) -> None:
        """Of an account without OAuth; it stands where others have their refresh token."""
        self.sealed_refresh_token = encryption.encrypt(password, owner=self._identity)

    def reseal(self) -> None:
        """The same tokens under the newest key."""
        if self.sealed_access_token:
            self.sealed_access_token = encryption.encrypt(self.access_token, owner=self._identity)
        self.sealed_refresh_token = encryption.encrypt(self.refresh_token, owner=self._identity)

    def is_fresh(self, moment: datetime, *, margin: timedelta = timedelta(seconds=60)) -> bool:
        return self.expires_at is not None and self.expires_at - margin > moment

    @property
    def _identity(self) -> str:
        return f"{self.client_id}/{self.external_id}"

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import Membership
from integrations.models.connection import Connection
from integrations.models.hosted_request import HostedRequest
from integrations.models.setup_link import SetupLink

LIFE = timedelta(minutes=10)


class Level(models.TextChoices):
    PERSONAL = "personal"
    ORGANIZATION = "organization"


class Purpose(models.TextChoices):
    CONNECT = "connect"
    RECONNECT = "reconnect"


class AuthorizationRequest(models.Model):
    """Somebody was sent to a provider and has not come back yet (RFC 6749, 4.1.1).

    Of the state and of the browser session only hashes are kept. For himself: `membership`; for an organization that he
    need not belong to: `link`. `client_id`: the app he was sent to; `connection`: the one to be renewed;
    `permissions`: what was asked for (types.Permission); `hosted`: whose application sent him here, if one did.
    """

    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    link = models.ForeignKey(SetupLink, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    provider = models.CharField(max_length=20)
    client_id = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=15, choices=Level)
    purpose = models.CharField(max_length=15, choices=Purpose)
    connection = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    hosted = models.ForeignKey(HostedRequest, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    permissions = models.JSONField(default=list)
    sealed_verifier = models.TextField()
    return_to = models.CharField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="authorization_level_is_known"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="authorization_purpose_is_known"),
            models.CheckConstraint(
                condition=Q(level="personal", membership__isnull=False, link=None)
                | Q(level="organization", membership=None, link__isnull=False),
                name="authorization_is_for_a_member_or_by_a_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.provider} {self.pk}"

    @property
    def is_stale(self) -> bool:
        return now() >= self.created_at + LIFE

import uuid

from django.db import models
from django.utils.timezone import now

from accounts.models import Membership, Organization
from integrations.models.grant import Grant


class SetupLink(models.Model):
    """Invites somebody who need not be known here to authorize for a whole organization; of its secret only a hash.

    It works until it is used, revoked, or its time is over; it goes with the member who made it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="setup_links")
    provider = models.CharField(max_length=20)
    issued_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    followed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"link {self.pk} for {self.provider}"

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > now()


class Arrival(models.Model):
    """An account that was authorized through a link. Nobody can use it before an admin has confirmed it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="arrivals")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="arrivals")
    link = models.ForeignKey(SetupLink, on_delete=models.SET_NULL, null=True, related_name="+")
    arrived_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["arrived_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "grant"], name="a_grant_arrives_once"),
        ]

    def __str__(self) -> str:
        return f"arrival {self.pk}"

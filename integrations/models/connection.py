import uuid

from django.db import models
from django.db.models import Q

from accounts.models import Membership, Organization
from integrations.models.grant import Grant


class Connection(models.Model):
    """Who may use a grant: one member (personal), or a whole organization (membership is empty)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="connections")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="connections"
    )
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="connections")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "grant"],
                condition=Q(membership__isnull=False),
                name="one_personal_connection_per_grant",
            ),
            models.UniqueConstraint(
                fields=["organization", "grant"],
                condition=Q(membership__isnull=True),
                name="one_organization_connection_per_grant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant.provider} connection {self.pk}"

    @property
    def is_usable(self) -> bool:
        return self.grant.is_active

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models.organization import Membership


class Delegation(models.Model):
    """A member hands the managing of his schedule to another of the same organization.

    private_events: the delegate may see and manage what is marked private too; else he sees its time, nothing else.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="delegations_given")
    delegate = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="delegations_held")
    private_events = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "delegate"], name="one_delegation_between_two"),
            models.CheckConstraint(condition=~Q(owner=F("delegate")), name="nobody_is_his_own_delegate"),
        ]

    def __str__(self) -> str:
        return f"delegation {self.pk}"

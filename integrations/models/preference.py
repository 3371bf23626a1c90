from django.db import models
from django.db.models import Q

from accounts.models import Membership
from integrations.models.connection import Connection


class ConferencingPreference(models.Model):
    """A person's default place: the built-in room, or one of his connections. No row: not chosen."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="conferencing_preference")
    place = models.CharField(max_length=20)
    connection = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place="builtin", connection=None) | ~Q(place="builtin"),
                name="builtin_default_needs_no_connection",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} for {self.membership_id}"

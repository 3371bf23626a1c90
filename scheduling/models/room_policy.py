from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organization


class RoomPolicy(models.Model):
    """Where the built-in meetings of an organization take place: a Jitsi server's address, or empty: in our own room.

    No row: nobody has chosen; settings.JITSI_URL decides.
    """

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="room_policy")
    jitsi_url = models.CharField(max_length=200, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(jitsi_url="") | Q(jitsi_url__startswith="https://"), name="room_policy_leads_to_https"
            ),
        ]

    def __str__(self) -> str:
        return f"rooms of {self.organization_id}"

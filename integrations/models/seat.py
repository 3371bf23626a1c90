from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from integrations.models.connection import Connection


class SeatState(models.TextChoices):
    UNKNOWN = "unknown", _("Not looked up yet")
    FOUND = "found", _("Found")
    NOT_FOUND = "not_found", _("Not found")
    PENDING = "pending", _("Invited there, not accepted yet")
    INACTIVE = "inactive", _("Deactivated there")


MAY_HOST = (SeatState.UNKNOWN, SeatState.FOUND)


class SeatQuerySet(models.QuerySet["Seat"]):
    def barred(self) -> "SeatQuerySet":
        """Those that speak against hosting; can_host says the same of one."""
        return self.exclude(removed_at=None, state__in=MAY_HOST)


class Seat(models.Model):
    """Which user of the organization's account a member is, so that he, and not the admin, hosts his meetings.

    wanted: the e-mail or id that an admin named instead of the member's own e-mail; empty: matched by e-mail.
    external_id, email, licensed, state: what the provider said when it was last asked (looked_at); problem: why it
    could not be asked, in a sentence.  removed_at: the member does without the organization's connection.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="seats")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="seats")
    wanted = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=10, choices=SeatState, default=SeatState.UNKNOWN)
    external_id = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    licensed = models.BooleanField(null=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "membership"], name="one_seat_per_member"),
            models.CheckConstraint(condition=Q(state__in=SeatState.values), name="seat_state_is_known"),
            models.CheckConstraint(condition=~Q(state="found") | ~Q(external_id=""), name="found_seat_has_an_id"),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"

    @property
    def can_host(self) -> bool:
        """As far as we know: somebody not looked up yet may well be there."""
        return self.removed_at is None and self.state in MAY_HOST

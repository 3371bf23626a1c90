from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations.models import Connection
from scheduling.models.booking import Booking
from scheduling.models.held import Change, Held


class MeetingState(models.TextChoices):
    WAITING = "waiting", _("The link follows")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Needs you")
    DETACHED = "detached", _("Changes are no longer carried over")
    REMOVED = "removed", _("Removed")


class Meeting(Held):
    """Where a booking happens: the provider's object, the connection that made it, its join link.

    place and detail as resolved when it was booked (places.py); why says how.
    attempted_at: when we first asked the provider to make it; set, we look before we ask again.
    settled_sequence: the booking's sequence that the provider's object shows (-1: none yet).
    error: a sentence for the host; error_detail: the provider's words.
    started_at, ended_at: when the provider said that it began and was over.
    """

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="meeting")
    place = models.CharField(max_length=20)
    detail = models.CharField(max_length=500, blank=True)
    why = models.CharField(max_length=20, blank=True)
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, blank=True, related_name="meetings"
    )
    account_email = models.EmailField(blank=True)
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.WAITING)
    external_id = models.CharField(max_length=200, blank=True)
    join_url = models.CharField(max_length=2000, blank=True)
    passcode = models.CharField(max_length=50, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True)
    settled_sequence = models.IntegerField(default=-1)
    settled_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    error_detail = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_is_known"),
            models.CheckConstraint(condition=Q(change__in=["", *Change.values]), name="meeting_change_is_known"),
            models.CheckConstraint(
                condition=~Q(change="moved") | Q(changed_start__isnull=False, changed_end__gt=F("changed_start")),
                name="moved_meeting_says_where_to",
            ),
        ]

    def __str__(self) -> str:
        return f"meeting of {self.booking_id}"

    @property
    def marker(self) -> str:
        """Stands at the start of the provider's description, to find the meeting again after an unclear answer."""
        return self.booking.marker

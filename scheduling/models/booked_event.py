import hashlib

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations.models import Calendar
from scheduling.models.booking import Booking
from scheduling.models.held import Change, Held


class BookedEventState(models.TextChoices):
    WAITING = "waiting", _("Not in the calendar yet")
    READY = "ready", _("In the calendar")
    FAILED = "failed", _("Needs you")
    DETACHED = "detached", _("Changes are no longer carried over")
    REMOVED = "removed", _("Removed")


class BookedEvent(Held):
    """The event in the host's calendar that stands for a booking; like Meeting, but for the calendar.

    calendar: the one that received bookings when it was booked; it stays, also if he chooses another for new ones.
    settled_sequence, settled_link: the booking's sequence and the join link that the event shows (-1, empty: none yet).
    """

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="booked_event")
    calendar = models.ForeignKey(
        Calendar, on_delete=models.SET_NULL, null=True, blank=True, related_name="booked_events"
    )
    external_id = models.CharField(max_length=700, blank=True)
    state = models.CharField(max_length=10, choices=BookedEventState, default=BookedEventState.WAITING)
    attempted_at = models.DateTimeField(null=True, blank=True)
    settled_sequence = models.IntegerField(default=-1)
    settled_link = models.CharField(max_length=2000, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    error_detail = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BookedEventState.values), name="booked_event_state_is_known"),
            models.CheckConstraint(condition=Q(change__in=["", *Change.values]), name="booked_event_change_is_known"),
            models.CheckConstraint(
                condition=~Q(change="moved") | Q(changed_start__isnull=False, changed_end__gt=F("changed_start")),
                name="moved_event_says_where_to",
            ),
        ]

    def __str__(self) -> str:
        return f"event of {self.booking_id}"


class EventMeeting(models.Model):
    """A meeting made for an event that a member put into his own calendar and marked with a place.

    event_id: the provider's id of the event (or series) in `calendar`.  place: a provider's key.  start, end: as the
    meeting shows them.  is_gone: the event went, or lost its mark; the meeting is to be removed.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="event_meetings")
    event_id = models.CharField(max_length=700)
    place = models.CharField(max_length=20)
    connection = models.ForeignKey(
        "integrations.Connection", on_delete=models.SET_NULL, null=True, blank=True, related_name="event_meetings"
    )
    external_id = models.CharField(max_length=200, blank=True)
    join_url = models.CharField(max_length=2000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    attempted_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    is_gone = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    error_detail = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "event_id"], name="one_meeting_per_marked_event"),
        ]

    def __str__(self) -> str:
        return f"meeting of event {self.pk}"

    @property
    def marker(self) -> str:
        """Stands in the meeting's description, to find it again after an unclear answer."""
        digest = hashlib.sha256(f"{self.calendar.uid}/{self.event_id}".encode()).hexdigest()
        return f"Event EV-{digest[:12].upper()}"

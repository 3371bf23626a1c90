import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Application, Organization
from integrations.models import Connection
from scheduling.models.times import TimesQuerySet


class EventStatus(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")


class Transparency(models.TextChoices):
    """RFC 5545, 3.8.2.7: whether it closes its time."""

    OPAQUE = "opaque", _("Busy")
    TRANSPARENT = "transparent", _("Free")


class ConferencingState(models.TextChoices):
    NONE = "none", _("No meeting")
    PENDING = "pending", _("The link follows")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Needs you")
    DETACHED = "detached", _("Changes are no longer carried over")
    REMOVED = "removed", _("Removed")


def marker(meeting_key: uuid.UUID) -> str:
    """Stands in the meeting's description, to find it again after an unclear answer."""
    return f"Event AP-{meeting_key.hex[:12].upper()}"


class ApplicationEvent(models.Model):
    """An event that an application, or a script with a key (no application), has made for somebody, with its meeting.

    sequence rises with every change that the meeting must follow.  place: a provider's key, or one of our own rooms,
    empty for none; connection: whose account there.  meeting_key: another for each meeting it had in turn.
    settled_sequence: what the provider's object shows (-1: none yet).  error: a sentence for people; error_detail: the
    provider's words.  attempted_at: when the provider was last asked to make it; set, we look before we ask again.
    busy_start, busy_end: start and end, rounded outward to five minutes.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="application_events")
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="application_events")
    application = models.ForeignKey(
        Application, on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )
    title = models.CharField(max_length=300)
    description = models.TextField(max_length=4000, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    busy_start = models.DateTimeField()
    busy_end = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    transparency = models.CharField(max_length=12, choices=Transparency, default=Transparency.OPAQUE)
    status = models.CharField(max_length=10, choices=EventStatus, default=EventStatus.CONFIRMED)
    sequence = models.PositiveIntegerField(default=0)
    submission_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    place = models.CharField(max_length=20, blank=True)
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, blank=True, related_name="application_events"
    )
    meeting_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=ConferencingState, default=ConferencingState.NONE)
    external_id = models.CharField(max_length=200, blank=True)
    join_url = models.CharField(max_length=2000, blank=True)
    passcode = models.CharField(max_length=50, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True)
    settled_sequence = models.IntegerField(default=-1)
    settled_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    error_detail = models.TextField(blank=True)

    times_of = "host_id"
    objects = TimesQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="event_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(busy_start__lte=F("start"), busy_end__gte=F("end")), name="event_is_busy_while_it_lasts"
            ),
            models.CheckConstraint(condition=Q(status__in=EventStatus.values), name="event_status_is_known"),
            models.CheckConstraint(condition=Q(transparency__in=Transparency.values), name="event_is_busy_or_free"),
            models.CheckConstraint(condition=Q(state__in=ConferencingState.values), name="event_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["host", "busy_start"], name="event_by_host"),
            models.Index(fields=["application", "host", "start"], name="event_by_application"),
        ]

    def __str__(self) -> str:
        return f"event {self.uid}"

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    @property
    def marker(self) -> str:
        return marker(self.meeting_key)

    @property
    def is_cancelled(self) -> bool:
        return self.status == EventStatus.CANCELLED


class FormerMeeting(models.Model):
    """A meeting that an event has no more, until it is gone from its account as well.

    external_id: empty where only an attempt to make it is known; then it is looked for by its marker.
    """

    event = models.ForeignKey(ApplicationEvent, on_delete=models.CASCADE, related_name="former_meetings")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="former_meetings")
    meeting_key = models.UUIDField(unique=True)
    external_id = models.CharField(max_length=200, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"former meeting of event {self.event_id}"

    @property
    def marker(self) -> str:
        return marker(self.meeting_key)

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from integrations.models.connection import Connection
from integrations.models.grant import Grant
from integrations.types import EventKind, Response, ShowsAs

TRUSTED = timedelta(minutes=15)
"""How old what we know of a calendar may be."""


class LastLook(models.TextChoices):
    """What happens to a booking if the last look at the calendar brings no answer in time."""

    REFUSE = "refuse", _("Refuse the booking")
    ACCEPT = "accept", _("Accept it if the calendar was read in the last 15 minutes")


class OnChange(models.TextChoices):
    """What happens to a booking whose event somebody moves or deletes in the calendar."""

    ASK = "ask", _("Ask me")
    FOLLOW = "follow", _("Move or cancel the booking")


class CalendarSettings(models.Model):
    """What a member wants of his calendars. No row: the defaults.

    sync: the one switch.  meetings_for_marked: events that name a place such as a provider's get a meeting there.
    meetings_close: meetings that he made at a provider close times though they stand in no calendar.
    asked_at: when he was last asked to set up his calendar (by banner and mail), answered when he did.
    """

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="calendar_settings")
    sync = models.BooleanField(default=True)
    last_look = models.CharField(max_length=10, choices=LastLook, default=LastLook.REFUSE)
    on_change = models.CharField(max_length=10, choices=OnChange, default=OnChange.ASK)
    meetings_for_marked = models.BooleanField(default=True)
    meetings_close = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_why = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_look__in=LastLook.values), name="last_look_is_known"),
            models.CheckConstraint(condition=Q(on_change__in=OnChange.values), name="on_change_is_known"),
        ]

    def __str__(self) -> str:
        return f"calendar settings of {self.membership_id}"


class Calendar(models.Model):
    """A calendar that a member sees through a connection, his own or (impersonated) his organization's.

    is_busy: ticked, its events close times.  receives: bookings are written to it.  account: the e-mail of the mailbox,
    where the connection opens several.
    sync_token, window_start, window_end: where the next look begins, and what of time we know.  synced_at: the age of
    what we know.  failing_since, problem: since when it cannot be read, and why, a sentence.  changed_at: something was
    said to have changed, and has not been looked at.  syncing_until: a worker is at it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="calendars")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="calendars")
    external_id = models.CharField(max_length=500)
    account = models.EmailField(blank=True)
    name = models.CharField(max_length=300)
    time_zone = models.CharField(max_length=64, blank=True)
    is_main = models.BooleanField(default=False)
    can_write = models.BooleanField(default=True)
    is_busy = models.BooleanField(default=False)
    receives = models.BooleanField(default=False)
    sync_token = models.TextField(blank=True)
    window_start = models.DateTimeField(null=True, blank=True)
    window_end = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    syncing_until = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(default=now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["next_look_at"], name="calendar_next_look")]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "membership", "external_id"], name="one_row_per_calendar_and_member"
            ),
            models.UniqueConstraint(
                fields=["membership"], condition=Q(receives=True), name="one_receiving_calendar_per_member"
            ),
            models.CheckConstraint(
                condition=Q(receives=False) | Q(can_write=True), name="receiving_calendar_is_writable"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar {self.pk}"

    @property
    def is_trusted(self) -> bool:
        """What we know of it is young enough to rely on."""
        return self.synced_at is not None and now() - self.synced_at <= TRUSTED


class CalendarEvent(models.Model):
    """An event, or an instance of a series, as it was when its calendar was last read (types.Event).

    start, end: instants; of an all-day event those of its days in the zone of the calendar. first_day, last_day: its
    dates, both inclusive, only of an all-day event.  blocks: it closes times, by the rules of busy_rules.py.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="events")
    external_id = models.CharField(max_length=700)
    series_id = models.CharField(max_length=700, blank=True)
    ical_uid = models.CharField(max_length=500, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=500, blank=True)
    location = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    join_url = models.CharField(max_length=2000, blank=True)
    web_url = models.CharField(max_length=2000, blank=True)
    organizer = models.CharField(max_length=254, blank=True)
    is_organizer = models.BooleanField(default=True)
    attendees = models.JSONField(default=list)
    is_private = models.BooleanField(default=False)
    shows_as = models.CharField(max_length=15, default=ShowsAs.BUSY.value)
    response = models.CharField(max_length=15, default=Response.NONE.value)
    kind = models.CharField(max_length=20, default=EventKind.DEFAULT.value)
    is_tentative = models.BooleanField(default=False)
    can_write = models.BooleanField(default=True)
    reference = models.CharField(max_length=50, blank=True)
    blocks = models.BooleanField(default=True)
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["start", "pk"]
        indexes = [
            models.Index(fields=["calendar", "start", "end"], name="event_by_time"),
            models.Index(fields=["calendar", "series_id"], name="event_by_series"),
            models.Index(fields=["reference"], name="event_by_reference", condition=~Q(reference="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "external_id"], name="one_row_per_event"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="event_does_not_end_before_it_starts"),
            models.CheckConstraint(
                condition=Q(first_day=None, last_day=None)
                | Q(first_day__isnull=False, last_day__isnull=False, last_day__gte=F("first_day")),
                name="event_has_both_days_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"

    @property
    def is_all_day(self) -> bool:
        return self.first_day is not None


class Watch(models.Model):
    """The provider tells us when something changes in this calendar. Two overlap while one is renewed.

    uid: ours, told to the provider before its first word comes.  external_id, resource_id: what it calls it.
    grant: by whose access.  Without a calendar it is left over, and is to be stopped.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.SET_NULL, null=True, blank=True, related_name="watches")
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="watches")
    external_id = models.CharField(max_length=300, blank=True)
    resource_id = models.CharField(max_length=300, blank=True)
    secret_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_push_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "watches"
        indexes = [models.Index(fields=["external_id"], name="watch_by_external_id")]

    def __str__(self) -> str:
        return f"watch {self.pk}"

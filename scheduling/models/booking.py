import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from scheduling.models.application_event import ApplicationEvent
from scheduling.models.held import Held
from scheduling.models.scheduler import Scheduler
from scheduling.models.times import TimesQuerySet


class BookingStatus(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")


class Booking(models.Model):
    """What was agreed. `uid` stays, `sequence` rises with every change that calendars must follow (RFC 5545).

    busy_start and busy_end are start and end with the buffers, rounded outward to five minutes.
    told_*: what the last mails said, so that a change is told once (emails.py).
    is_hidden: not of the row, but of who reads it: all but its time is kept from him (private_events.py).
    event: not of the row either: what an application made, and this only stands for in a room (event_rooms.py).
    """

    is_hidden = False
    event: ApplicationEvent | None = None

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="bookings")
    scheduler = models.ForeignKey(Scheduler, on_delete=models.PROTECT, related_name="bookings")
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    status = models.CharField(max_length=10, choices=BookingStatus, default=BookingStatus.CONFIRMED)
    sequence = models.PositiveIntegerField(default=0)
    start = models.DateTimeField()
    end = models.DateTimeField()
    busy_start = models.DateTimeField()
    busy_end = models.DateTimeField()
    invitee_name = models.CharField(max_length=120)
    invitee_email = models.EmailField()
    invitee_time_zone = models.CharField(max_length=64)
    invitee_language = models.CharField(max_length=12, default="en")
    notes = models.TextField(max_length=2000, blank=True)
    submission_key = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by_host = models.BooleanField(default=False)
    cancel_reason = models.CharField(max_length=500, blank=True)
    told_sequence = models.IntegerField(default=-1)
    told_join_url = models.CharField(max_length=2000, blank=True)

    times_of = "host_id"
    objects = TimesQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="booking_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(busy_start__lte=F("start"), busy_end__gte=F("end")), name="booking_is_busy_while_it_lasts"
            ),
            models.CheckConstraint(condition=Q(status__in=BookingStatus.values), name="booking_status_is_known"),
            models.UniqueConstraint(fields=["scheduler", "submission_key"], name="one_booking_per_submission"),
        ]
        indexes = [
            models.Index(fields=["host", "busy_start"], name="booking_by_host"),
            models.Index(fields=["organization", "status", "start"], name="booking_by_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.uid}"

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    @property
    def marker(self) -> str:
        """Stands in what represents it elsewhere, to find that again after an unclear answer."""
        return f"Booking BR-{self.uid.hex[:12].upper()}"

    @property
    def changed(self) -> Held | None:
        """What somebody moved or deleted elsewhere, and the host has not decided about: its meeting or its event."""
        held = (getattr(self, "meeting", None), getattr(self, "booked_event", None))
        return next((found for found in held if found and found.change), None)

    @property
    def is_cancelled(self) -> bool:
        return self.status == BookingStatus.CANCELLED


class HostCell(models.Model):
    """Five minutes of a person's time; `cell` counts them from the epoch. The database refuses a second taker.

    Taken by a booking, or by an event that an application made.
    """

    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cells")
    cell = models.IntegerField()
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, null=True, blank=True, related_name="cells")
    event = models.ForeignKey(ApplicationEvent, on_delete=models.CASCADE, null=True, blank=True, related_name="cells")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "cell"], name="one_booking_per_host_and_cell"),
            models.CheckConstraint(
                condition=Q(booking=None, event__isnull=False) | Q(booking__isnull=False, event=None),
                name="a_cell_is_taken_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host_id}@{self.cell}"

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from scheduling.models.application_event import ApplicationEvent
from scheduling.models.booking import Booking

SILENT_INSIDE = timedelta(seconds=30)
SILENT_WAITING = timedelta(seconds=90)
"""A page in the background asks once a minute as long as it carries no call."""


class CallParticipants(models.QuerySet["CallParticipant"]):
    def here(self) -> "CallParticipants":
        """Inside or waiting: not left, not refused, heard of lately."""
        inside = Q(admitted_at__isnull=False, seen_at__gt=now() - SILENT_INSIDE)
        waiting = Q(admitted_at=None, refused_at=None, seen_at__gt=now() - SILENT_WAITING)
        return self.filter(inside | waiting, left_at=None)


class CallParticipant(models.Model):
    """One visit to the room of a booking, or of an application's event; who comes again is another row, admitted if the
    last one was.

    seen_at: when this visit's page last asked.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, null=True, blank=True, related_name="call_participants"
    )
    event = models.ForeignKey(
        ApplicationEvent, on_delete=models.CASCADE, null=True, blank=True, related_name="call_participants"
    )
    name = models.CharField(max_length=60)
    is_host = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=now)
    admitted_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(default=now)

    objects = CallParticipants.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(admitted_at=None) | Q(refused_at=None), name="call_participant_is_admitted_or_refused"
            ),
            models.CheckConstraint(
                condition=Q(is_host=False) | Q(admitted_at__isnull=False), name="call_host_needs_no_admission"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="call_participant_has_a_name"),
            models.CheckConstraint(
                condition=Q(booking=None, event__isnull=False) | Q(booking__isnull=False, event=None),
                name="call_participant_is_in_one_room",
            ),
        ]
        indexes = [models.Index(fields=["seen_at"], name="call_participant_by_seen")]

    def __str__(self) -> str:
        return f"{self.uid}"

    @property
    def is_inside(self) -> bool:
        return self.admitted_at is not None

    @property
    def is_gone(self) -> bool:
        """He said so, or was not heard of for too long."""
        silent = now() - self.seen_at
        return self.left_at is not None or silent > (SILENT_INSIDE if self.is_inside else SILENT_WAITING)


class CallSignal(models.Model):
    """What one browser tells another, so that the two find a way to each other. Bridge does not look inside.

    number: counted by the sender, so that nothing sent again arrives twice; the order in which it is delivered.
    """

    sender = models.ForeignKey(CallParticipant, on_delete=models.CASCADE, related_name="sent")
    receiver = models.ForeignKey(CallParticipant, on_delete=models.CASCADE, related_name="signals")
    number = models.PositiveIntegerField()
    payload = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sender", "number"], name="one_call_signal_per_sender_and_number"),
            models.CheckConstraint(condition=~Q(sender=models.F("receiver")), name="call_signal_goes_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id}→{self.receiver_id} {self.number}"

import secrets
import uuid
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from accounts.models import Application, Consent


class EventType(models.TextChoices):
    """What applications are told of, `<noun>.<what happened>`; whoever consented decides by scope."""

    CONNECTION_CONNECTED = "connection.connected", _("A conferencing service was connected")
    CONNECTION_ENDED = "connection.ended", _("A conferencing service can no longer be used")
    CONNECTION_RESTORED = "connection.restored", _("A conferencing service can be used again")
    MEETING_READY = "meeting.ready", _("The link to join is known")
    MEETING_FAILED = "meeting.failed", _("The meeting could not be made or moved")
    MEETING_DELETED = "meeting.deleted", _("The meeting is gone")
    BOOKING_CREATED = "booking.created", _("Somebody booked a time")
    BOOKING_READY = "booking.ready", _("The link to join a booking is known")
    BOOKING_MOVED = "booking.moved", _("A booking was moved")
    BOOKING_CANCELLED = "booking.cancelled", _("A booking was cancelled")
    TEST = "webhook.test", _("A test that somebody sent by hand")


class Subscription(models.Model):
    """Where an application wants to be told what happens.

    types: which; empty for all, also those to come.  failing_since: when the first of an unbroken row of failures was.
    resting_until: it took too long lately; others come first.
    disabled_at, disabled_why: nothing is sent until somebody enables it again.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="subscriptions")
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    types = models.JSONField(default=list)
    submission_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    resting_until = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"subscription {self.pk}"

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None

    @property
    def host(self) -> str:
        """For lists and mails; the rest of the address may be a secret."""
        return urlsplit(self.url).hostname or ""


class SubscriptionSecret(models.Model):
    """One key that signs; several while one is renewed. Sealed, its owner is the uid of the subscription."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"secret of subscription {self.subscription_id}"


def message_id() -> str:
    return f"msg_{secrets.token_urlsafe(18)}"


class Message(models.Model):
    """What happened, as it is told: the body stays the same to the byte, however often it is sent.

    consent: of the person whom it is about, None for a test. Without his consent no message about him is kept.
    """

    uid = models.CharField(max_length=40, unique=True, default=message_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="messages")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, null=True, related_name="messages")
    type = models.CharField(max_length=40, choices=EventType)
    happened_at = models.DateTimeField(default=now)
    body = models.TextField()

    class Meta:
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=EventType.values), name="message_type_is_known"),
        ]

    def __str__(self) -> str:
        return self.uid


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")


class Delivery(models.Model):
    """A message on its way to one subscription.

    attempts: of the ladder; those by hand are not counted.  next_at: when the ladder goes on, None at its end.
    asked_at: somebody wants it sent now, whatever became of it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=now, null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "subscription"], name="a_message_goes_once_to_each"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"),
        ]
        indexes = [models.Index(fields=["subscription", "next_at"], name="delivery_next")]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Attempt(models.Model):
    """One try.  status: of the answer, None if there was none.  answer: its beginning.  error: why there was none."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(auto_now_add=True)
    took = models.DurationField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=500, blank=True)
    by_hand = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"attempt {self.pk}"

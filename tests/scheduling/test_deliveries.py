"""Messages reach applications signed, once each as far as anybody can promise, and again where it failed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now
from standardwebhooks import WebhookVerificationError

from outbox import intents
from outbox.models import Intent
from scheduling import couriers, deliveries, signing_keys, subscriptions
from scheduling.models import Attempt, Delivery, DeliveryState, EventType, Message, Subscription, SubscriptionSecret
from tests import factories
from tests.scheduling.webhook_receivers import application as application
from tests.scheduling.webhook_receivers import happen, receiving
from tests.scheduling.webhook_receivers import here as here
from tests.scheduling.webhook_receivers import receiver as receiver
from tests.scheduling.webhook_receivers import subscribed as subscribed

pytestmark = pytest.mark.django_db

STRANGER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def _later(by: timedelta) -> None:
    """As if so much time had passed."""
    for delivery in Delivery.objects.filter(next_at__isnull=False):
        Delivery.objects.filter(pk=delivery.pk).update(next_at=delivery.next_at - by)
    for subscription in Subscription.objects.all():
        for name in ("failing_since", "warned_at", "resting_until"):
            value = getattr(subscription, name)
            setattr(subscription, name, value and value - by)
        subscription.save()
    Intent.objects.update(due_at=now())
    intents.drain()


# --- What is sent -----------------------------------------------------------------------------------------------------


@pytest.mark.row("G-53")
def test_a_message_is_signed_so_that_the_library_of_the_receiver_takes_it(olga, receiver, subscribed):
    happen(olga)
    intents.drain()

    [request] = receiver.got
    told = request.verified(subscribed[1])
    assert (told["type"], told["data"]) == ("meeting.ready", {"id": "1", "title": "Café"})
    assert request.id == Message.objects.get().uid
    assert request.headers["content-type"] == "application/json"
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


@pytest.mark.row("G-53")
def test_forged_and_changed_messages_are_refused(olga, receiver, subscribed):
    happen(olga)
    intents.drain()
    [request] = receiver.got

    with pytest.raises(WebhookVerificationError):
        request.verified(STRANGER)
    request.body = request.body.replace(b"meeting.ready", b"meeting.gone!")
    with pytest.raises(WebhookVerificationError):
        request.verified(subscribed[1])


@pytest.mark.row("G-53")
def test_a_message_that_somebody_kept_back_is_refused_as_stale(olga, receiver, subscribed, monkeypatch):
    monkeypatch.setattr(couriers, "timestamp", lambda: datetime.now(UTC) - timedelta(minutes=6))
    happen(olga)
    intents.drain()

    with pytest.raises(WebhookVerificationError, match="too old"):
        receiver.got[0].verified(subscribed[1])


@pytest.mark.row("G-53")
def test_two_secrets_sign_while_one_is_renewed_and_one_when_the_overlap_is_over(olga, receiver, subscribed):
    subscription, former = subscribed
    new = subscriptions.renew_secret(subscription, by=None)
    happen(olga)
    intents.drain()
    for secret in (former, new):
        assert receiver.got[0].verified(secret)

    SubscriptionSecret.objects.exclude(expires_at=None).update(expires_at=now())
    happen(olga)
    intents.drain()
    assert receiver.got[1].verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.got[1].verified(former)


def test_the_overlap_can_be_ended_at_once(olga, subscribed):
    subscription, former = subscribed
    new = subscriptions.renew_secret(subscription, by=olga.user)
    assert signing_keys.live(subscription) == [new, former]

    subscriptions.end_former_secret(subscription, by=olga.user)
    assert signing_keys.live(subscription) == [new]


def test_secrets_are_sealed_and_only_for_their_own_subscription(olga, subscribed, receiver, application):
    other, _secret = subscriptions.subscribe(application, url=receiver.url, by=None)
    sealed = SubscriptionSecret.objects.get(subscription=subscribed[0])
    assert subscribed[1] not in sealed.sealed

    SubscriptionSecret.objects.filter(subscription=other).update(sealed=sealed.sealed)
    assert signing_keys.live(other) == []


def test_nothing_is_sent_unsigned(olga, receiver, subscribed):
    SubscriptionSecret.objects.update(sealed="of another key")
    happen(olga)
    intents.drain()

    assert (receiver.got, Attempt.objects.get().error) == ([], "There is no secret to sign with.")


# --- Again, where it failed -------------------------------------------------------------------------------------------


@pytest.mark.row("G-54")
def test_what_failed_is_tried_ten_times_over_about_75_hours_and_then_given_up(olga, receiver, subscribed):
    receiver.says(500)
    happen(olga)
    intents.drain()
    waits = []
    while Delivery.objects.get().next_at:
        Subscription.objects.update(warned_at=None)  # nobody switches it off here
        waits.append(Delivery.objects.get().next_at - now())
        _later(waits[-1])

    assert [round(wait / step, 0) for wait, step in zip(waits, deliveries.LADDER[1:], strict=True)] == [1] * 9
    assert timedelta(hours=75) < sum(deliveries.LADDER, timedelta(0)) < timedelta(hours=76)
    assert Delivery.objects.get().state == DeliveryState.FAILED
    assert {request.id for request in receiver.got} == {Message.objects.get().uid}
    assert len(receiver.got) == Attempt.objects.count() == 10


def test_waits_are_uneven_so_that_many_do_not_come_back_at_once():
    assert len({deliveries.wait(5) for _ in range(20)}) > 1
    assert all(abs(deliveries.wait(5) / deliveries.LADDER[5] - 1) <= 0.1 for _ in range(50))

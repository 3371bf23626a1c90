"""Messages reach applications signed, once each as far as anybody can promise, and again where it failed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from django.utils.timezone import now
from standardwebhooks import WebhookVerificationError

from outbox import intents, tasks
from outbox.models import Intent
from scheduling import couriers, deliveries, endpoints, signing_keys, subscriptions
from scheduling.models import Attempt, Delivery, DeliveryState, EventType, Message, Subscription, SubscriptionSecret
from tests.scheduling.webhook_receivers import application as application
from tests.scheduling.webhook_receivers import happen, receiving
from tests.scheduling.webhook_receivers import here as here
from tests.scheduling.webhook_receivers import receiver as receiver
from tests.scheduling.webhook_receivers import subscribed as subscribed

pytestmark = pytest.mark.django_db

STRANGER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def _later(by: timedelta) -> None:
    """As if so much time had passed."""
    Delivery.objects.filter(next_at__isnull=False).update(next_at=F("next_at") - by)
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


@pytest.mark.row("G-54")
def test_each_try_is_logged_with_what_came_back(olga, receiver, subscribed):
    receiver.answers = [(500, [], b"x" * 3000), (200, [], "schön\0".encode())]
    happen(olga)
    intents.drain()
    _later(timedelta(minutes=1))

    ok, failed = Attempt.objects.all()
    assert (failed.status, failed.answer) == (500, "x" * 1000)
    assert failed.error == "The receiver answered with the status 500."
    assert (ok.status, ok.answer, ok.error) == (200, "schön", "")
    assert timedelta(0) < ok.took < timedelta(seconds=5)


@pytest.mark.row("G-54")
@pytest.mark.parametrize("asked", ["7200", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_asks_for_time_gets_it(olga, receiver, subscribed, status, asked):
    moment = (datetime.now(UTC) + timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    receiver.says(status, headers=[("Retry-After", moment if asked == "date" else asked)])
    happen(olga)
    intents.drain()

    wait = Delivery.objects.get().next_at - now()
    assert timedelta(hours=1, minutes=59) < wait <= timedelta(hours=2)


@pytest.mark.parametrize(
    ("asked", "longest"),
    [
        ("999999999999999999999", timedelta(hours=24)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=24)),
        ("-5", timedelta(seconds=6)),
        ("soon", timedelta(seconds=6)),
        ("0", timedelta(seconds=6)),
        ("²", timedelta(seconds=6)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", timedelta(seconds=6)),
    ],
)
def test_what_it_asks_for_has_bounds(olga, receiver, subscribed, asked, longest):
    receiver.says(429, headers=[("Retry-After", asked.encode().decode("latin-1"))])
    happen(olga)
    intents.drain()

    wait = Delivery.objects.get().next_at - now()
    assert longest * 0.7 < wait <= longest


def test_only_who_asks_for_time_by_its_status_gets_it(olga, receiver, subscribed):
    receiver.says(500, headers=[("Retry-After", "7200")])
    happen(olga)
    intents.drain()

    assert Delivery.objects.get().next_at - now() < timedelta(seconds=6)


@pytest.mark.row("G-54")
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_counts_as_failed(olga, receiver, subscribed, status):
    with receiving() as elsewhere:
        receiver.says(status, headers=[("Location", elsewhere.url)])
        happen(olga)
        intents.drain()

        assert elsewhere.got == []
    assert "redirects" in Attempt.objects.get().error
    assert Delivery.objects.get().state == DeliveryState.WAITING


@pytest.mark.row("G-54")
def test_a_receiver_that_is_gone_for_good_is_switched_off_at_once_and_its_keepers_are_told(
    olga, adam, mina, receiver, subscribed, after_commit, mailoutbox
):
    receiver.says(410)
    happen(olga)
    with after_commit():
        intents.drain()

    subscription = Subscription.objects.get()
    assert (subscription.is_enabled, "410" in subscription.disabled_why) == (False, True)
    assert sorted(mail.to[0] for mail in mailoutbox) == ["adam@example.org", "olga@example.org"]
    assert {mail.subject for mail in mailoutbox} == {"Action required: webhooks of Clinic are switched off"}
    assert f"/webhooks/{subscription.uid}" in mailoutbox[0].body


@pytest.mark.row("G-54")
def test_who_fails_for_a_day_is_warned_of_and_after_three_switched_off(
    olga, receiver, subscribed, after_commit, mailoutbox
):
    receiver.says(500)
    happen(olga)
    states = []
    for hours in (0, 23, 2, 20, 26, 3):
        with after_commit():
            Delivery.objects.update(next_at=now(), attempts=1)
            _later(timedelta(hours=hours))
        states.append((Subscription.objects.get().is_enabled, len(mailoutbox)))

    assert states == [(True, 0), (True, 0), (True, 1), (True, 1), (True, 1), (False, 2)]
    assert mailoutbox[0].subject == "Action required: webhooks of Clinic do not arrive"
    assert Subscription.objects.get().disabled_why == "Nothing arrived for three days."


def test_one_success_makes_good_what_failed_before(olga, receiver, subscribed):
    receiver.says(500, 200)
    happen(olga)
    intents.drain()
    assert Subscription.objects.get().failing_since
    _later(timedelta(hours=25))

    assert Subscription.objects.get().failing_since is None


def test_nobody_is_switched_off_without_having_been_warned(olga, receiver, subscribed, after_commit, mailoutbox):
    """A receiver with few messages: the first try after days must not be the end."""
    receiver.says(500)
    happen(olga)
    with after_commit():
        intents.drain()
        Delivery.objects.update(attempts=1)
        _later(timedelta(days=5))

    assert Subscription.objects.get().is_enabled
    assert [mail.subject for mail in mailoutbox] == ["Action required: webhooks of Clinic do not arrive"]


@pytest.mark.row("G-54")
def test_what_was_missed_is_sent_in_order_once_it_is_enabled_again(olga, receiver, subscribed):
    subscription, _secret = subscribed
    subscriptions.disable(subscription, by=olga.user)
    for kind in (EventType.MEETING_READY, EventType.BOOKING_MOVED, EventType.BOOKING_CANCELLED):
        happen(olga, kind)
    intents.drain()
    assert receiver.got == []

    assert subscriptions.enable(subscription, by=olga.user) == 3
    intents.drain()
    assert [told["type"] for told in receiver.told] == ["meeting.ready", "booking.moved", "booking.cancelled"]


@pytest.mark.row("G-54")
def test_what_was_given_up_while_it_failed_is_sent_too(olga, receiver, subscribed):
    subscription, _secret = subscribed
    happen(olga)
    intents.drain()
    receiver.says(500)
    happen(olga, EventType.BOOKING_MOVED)
    intents.drain()
    Delivery.objects.filter(state="waiting").update(attempts=9, next_at=now())
    Subscription.objects.update(failing_since=Message.objects.first().happened_at)
    Intent.objects.update(due_at=now())
    intents.drain()
    assert Delivery.objects.first().state == DeliveryState.FAILED
    subscriptions.disable(subscription, by=olga.user)

    receiver.says(200)
    assert subscriptions.enable(subscription, by=olga.user) == 1
    intents.drain()
    assert [told["type"] for told in receiver.told] == ["meeting.ready"] + ["booking.moved"] * 3


@pytest.mark.row("G-54")
@pytest.mark.parametrize("state", DeliveryState)
def test_anything_can_be_sent_again_by_hand_with_the_same_id(olga, receiver, subscribed, state):
    happen(olga)
    intents.drain()
    Delivery.objects.update(state=state, next_at=now() + timedelta(hours=9) if state == "waiting" else None)

    subscriptions.send_again(Delivery.objects.get())
    intents.drain()
    first, again = receiver.got
    assert (first.id, first.body) == (again.id, again.body)
    assert (Delivery.objects.get().state, Attempt.objects.first().by_hand) == (DeliveryState.DELIVERED, True)


@pytest.mark.parametrize("state", DeliveryState)
def test_a_try_by_hand_that_fails_changes_nothing(olga, receiver, subscribed, state):
    happen(olga)
    intents.drain()
    receiver.says(500)
    next_at = now() + timedelta(hours=9) if state == "waiting" else None
    Delivery.objects.update(state=state, next_at=next_at)
    subscriptions.send_again(Delivery.objects.get())
    intents.drain()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.next_at, delivery.attempts, delivery.asked_at) == (state, next_at, 0, None)
    assert Subscription.objects.get().failing_since is None


@pytest.mark.row("G-54")
def test_a_test_is_sent_once_and_at_once(receiver, subscribed):
    subscription, secret = subscribed
    receiver.says(500)
    subscriptions.send_test(subscription)
    intents.drain()
    _later(timedelta(days=1))

    [request] = receiver.got
    assert request.verified(secret)["type"] == "webhook.test"
    assert Delivery.objects.get().state == DeliveryState.FAILED


# --- Whose news it is -------------------------------------------------------------------------------------------------


@pytest.mark.row("G-53", "CR-16")
def test_with_the_consent_go_the_messages_that_wait(olga, application, receiver, subscribed):
    receiver.says(500)
    happen(olga)
    intents.drain()
    application.consents.all().delete()
    _later(timedelta(hours=1))

    assert len(receiver.got) == 1
    assert not Message.objects.exists()


def test_what_is_not_consented_to_any_more_is_neither_sent_nor_tried_again(olga, application, receiver, subscribed):
    receiver.says(500)
    happen(olga)
    intents.drain()
    application.consents.update(scopes=["bookings:read"])
    _later(timedelta(hours=1))

    assert len(receiver.got) == 1
    assert Delivery.objects.get().state == DeliveryState.FAILED
    assert Attempt.objects.first().error == "The person does not allow this any more. Nothing was sent."


def test_nothing_goes_to_a_blocked_application_until_it_is_unblocked(olga, application, receiver, subscribed):
    happen(olga)
    type(application).objects.update(state="blocked")
    intents.drain()
    assert receiver.got == []

    type(application).objects.update(state="active")
    _later(timedelta(0))
    assert len(receiver.got) == 1


def test_messages_are_forgotten_after_thirty_days(olga, receiver, subscribed):
    for _number in range(2):
        happen(olga)
    intents.drain()
    old = Message.objects.last()
    Message.objects.filter(pk=old.pk).update(happened_at=now() - timedelta(days=30, hours=1))
    deliveries.forget()

    assert [message.pk for message in Message.objects.all()] == [old.pk + 1]
    assert (Delivery.objects.count(), Attempt.objects.count()) == (1, 1)


# --- One slow receiver delays nobody ----------------------------------------------------------------------------------


def test_who_lets_us_wait_rests_and_the_others_come_first(olga, receiver, subscribed, monkeypatch):
    monkeypatch.setattr(endpoints, "SLOW", timedelta(0))
    for _number in range(3):
        happen(olga)
    intents.drain()
    assert len(receiver.got) == 1

    _later(endpoints.REST)
    assert len(receiver.got) == 2


def test_who_has_much_to_be_sent_stands_at_the_end_of_the_queue_again(olga, receiver, subscribed, monkeypatch):
    monkeypatch.setattr(deliveries, "TURN", 0)
    for _number in range(3):
        happen(olga)
    intents.settle(Intent.objects.get().pk)
    assert len(receiver.got) == 1

    intents.drain()
    assert len(receiver.got) == 3


def test_bells_of_webhooks_are_rung_in_a_queue_of_their_own(olga, subscribed, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.settle, "apply_async", lambda args, queue: rung.append((args, queue)))
    happen(olga)
    tasks.sweep()

    assert rung == [((Intent.objects.get().pk,), "webhooks")]


@pytest.mark.faults
@pytest.mark.row("G-54")
def test_a_worker_that_died_after_sending_sends_again_with_the_same_id(olga, receiver, subscribed, monkeypatch):
    happen(olga)
    with monkeypatch.context() as dying:
        dying.setattr(deliveries, "_record", _die)
        with pytest.raises(KeyboardInterrupt):
            intents.drain()
    Intent.objects.update(lease_until=now())
    intents.drain()

    assert len(receiver.got) == 2
    assert {request.id for request in receiver.got} == {Message.objects.get().uid}


def _die(*args: object) -> None:
    raise KeyboardInterrupt

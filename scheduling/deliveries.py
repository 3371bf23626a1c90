"""Does: brings messages to their subscriptions, one after the other for each, and again where it failed.

https://www.standardwebhooks.com; why it goes by subscription: docs/decisions/0035-webhooks.md
"""

import random
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Min, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from accounts import second_factors
from accounts.models import ApplicationState
from outbox import intents
from scheduling import announcements, couriers, endpoints, signing_keys
from scheduling.couriers import Outcome
from scheduling.models import Attempt, Delivery, DeliveryState, EventType, Message, Subscription

LADDER = [
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
"""How long to wait before each try: about 75 hours in all, as Standard Webhooks advises."""

TURN = 5.0
"""Seconds after which a subscription with more to send stands at the end of the queue again."""

AT_ONCE, LATER = timedelta(microseconds=1), timedelta(hours=1)
KEPT = timedelta(days=30)


@intents.settles("deliveries", queue="webhooks")
def settle(subscription_id: int) -> None:
    """Send what is due. Only one worker does so for one subscription, by the lease of the intent."""
    until = time.monotonic() + TURN
    while subscription := _ready(subscription_id):
        delivery = _next(subscription)
        if delivery is None:
            _come_back(subscription)
            return
        _bring(delivery)
        if time.monotonic() > until:
            raise intents.Later(_("There is more to send."), after=AT_ONCE)


def forget() -> None:
    Message.objects.filter(happened_at__lt=now() - KEPT).delete()


def is_allowed(message: Message) -> bool:
    """Does the person whom it is about still let the application know? Without his consent there is no message."""
    if message.consent is None:
        return message.type == EventType.TEST
    consent = message.consent
    listens = announcements.may_hear(message.type, consent.scopes)
    return listens and consent.user.is_active and not second_factors.bars(consent.membership)


def wait(attempts: int) -> timedelta:
    """After so many tries in vain, a little uneven so that many do not come back at once."""
    return LADDER[attempts] * random.uniform(0.9, 1.1)  # noqa: S311 (spreading, not secrecy)


def _ready(subscription_id: int) -> Subscription | None:
    found = Subscription.objects.select_related("application").filter(pk=subscription_id, disabled_at=None).first()
    if found is not None and found.application.state != ApplicationState.ACTIVE:
        raise intents.Later(_("The application is blocked."), after=LATER)
    return found


def _next(subscription: Subscription) -> Delivery | None:
    """What somebody asked for first, then what is due, in the order in which it happened."""
    asked = Q(asked_at__isnull=False)
    due = Q(state=DeliveryState.WAITING, next_at__lte=now())
    rests = subscription.resting_until is not None and subscription.resting_until > now()
    related = "subscription__application", "message__consent__user", "message__consent__membership__organization"
    found = subscription.deliveries.filter(asked if rests else asked | due).select_related(*related)
    return found.order_by(F("asked_at").asc(nulls_last=True), "next_at", "pk").first()


def _come_back(subscription: Subscription) -> None:
    waiting = subscription.deliveries.filter(state=DeliveryState.WAITING)
    soonest = waiting.aggregate(soonest=Min("next_at"))["soonest"]
    if soonest is not None:
        moment = max(soonest, subscription.resting_until or soonest)
        raise intents.Later(_("What failed is sent again."), after=max(moment - now(), AT_ONCE))


def _bring(delivery: Delivery) -> None:
    if not is_allowed(delivery.message):
        _give_up(delivery)
        return
    keys = signing_keys.live(delivery.subscription)
    outcome = _sent(delivery, keys) if keys else Outcome(timedelta(0), error=_("There is no secret to sign with."))
    _record(delivery, outcome)


def _sent(delivery: Delivery, keys: list[str]) -> Outcome:
    message, moment = delivery.message, couriers.timestamp()
    signatures = [Webhook(key).sign(message.uid, moment, message.body) for key in keys]
    headers = {
        "webhook-id": message.uid,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
        "User-Agent": "Bridge-Webhooks/1",
    }
    receiver = delivery.subscription
    return couriers.carry(receiver.url, message.body.encode(), headers, name=receiver.host or _("The receiver"))


@transaction.atomic
def _record(tried: Delivery, outcome: Outcome) -> None:
    """Unless it went meanwhile, with its subscription or the consent."""
    by_hand = tried.asked_at is not None
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=tried.pk).first()
    if delivery is None:
        return
    _note(delivery, outcome, by_hand=by_hand)
    if outcome.is_delivered:
        delivery.state, delivery.delivered_at, delivery.next_at = DeliveryState.DELIVERED, now(), None
    elif not by_hand:
        _climb(delivery, outcome)
    elif delivery.state == DeliveryState.WAITING and delivery.next_at is None:
        delivery.state = DeliveryState.FAILED  # a test is sent once
    if delivery.asked_at == tried.asked_at:
        delivery.asked_at = None
    delivery.save(update_fields=["state", "delivered_at", "next_at", "attempts", "asked_at"])
    endpoints.judge(delivery.subscription, outcome, by_hand=by_hand)


def _climb(delivery: Delivery, outcome: Outcome) -> None:
    delivery.attempts += 1
    if delivery.attempts < len(LADDER):
        delivery.next_at = now() + max(wait(delivery.attempts), outcome.retry_after)
    else:
        delivery.state, delivery.next_at = DeliveryState.FAILED, None


@transaction.atomic
def _give_up(delivery: Delivery) -> None:
    sentence = _("The person does not allow this any more. Nothing was sent.")
    _note(delivery, Outcome(timedelta(0), error=sentence), by_hand=delivery.asked_at is not None)
    if delivery.state == DeliveryState.WAITING:
        delivery.state = DeliveryState.FAILED
    delivery.next_at = delivery.asked_at = None
    delivery.save(update_fields=["state", "next_at", "asked_at"])


def _note(delivery: Delivery, outcome: Outcome, *, by_hand: bool) -> None:
    kept = {"took": outcome.took, "status": outcome.status, "answer": outcome.answer, "error": outcome.error[:500]}
    Attempt.objects.create(delivery=delivery, by_hand=by_hand, **kept)

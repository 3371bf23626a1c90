"""Asks: where an application wants to be told what happens, for how long, and what is sent again."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Act, Application, User
from integrations import outward
from outbox import outbox
from scheduling import announcements, couriers, signing_keys
from scheduling.exceptions import NotChangeable
from scheduling.models import Delivery, DeliveryState, EventType, Message, Subscription

MOST = 10
"""For one application; a slow receiver keeps others waiting, if only a little."""

TYPES = tuple(kind for kind in EventType if kind != EventType.TEST)
"""What can be listened to."""


def subscribe(
    application: Application,
    *,
    url: str,
    by: User | None,
    types: Iterable[str] = (),
    description: str = "",
    key: UUID | None = None,
) -> tuple[Subscription, str]:
    """The row, and its secret for this once. `by` None: the application itself. The same `key` twice is one
    subscription; its secret is then made anew.

    Raises RequestRejected for an address that Bridge does not go to, NotChangeable if there are too many.
    """
    check(url)
    return _subscribe(application, url, sorted(types), description, by, key)


def check(url: str) -> None:
    """Raises RequestRejected, with a sentence for who typed it. The name is looked up."""
    outward.check(url, limits=couriers.LIMITS)


def change(subscription: Subscription, *, by: User | None, url: str, types: Iterable[str], description: str) -> None:
    """Raises RequestRejected for an address that Bridge does not go to."""
    if url != subscription.url:
        check(url)
    _change(subscription, url, sorted(types), description, by)


@transaction.atomic
def renew_secret(subscription: Subscription, *, by: User | None) -> str:
    _write_down(subscription, by, signing="renewed")
    return signing_keys.renew(subscription)


@transaction.atomic
def end_former_secret(subscription: Subscription, *, by: User | None) -> None:
    signing_keys.end_former(subscription)
    _write_down(subscription, by, signing="former ended")


@transaction.atomic
def disable(subscription: Subscription, *, by: User | None) -> None:
    """What happens from now on is kept for when it is enabled again."""
    why = _("Switched off by %(name)s.") % {"name": by} if by else _("Switched off by the application itself.")
    found = Subscription.objects.filter(pk=subscription.pk, disabled_at=None)
    if found.update(disabled_at=now(), disabled_why=why[:500]):
        _write_down(subscription, by, enabled=False)
    subscription.refresh_from_db()


@transaction.atomic
def enable(subscription: Subscription, *, by: User | None) -> int:
    """Go on, and send what was missed, in the order in which it happened; how many messages that are."""
    row = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    if row.is_enabled:
        return 0
    number = _replay(row)
    Subscription.objects.filter(pk=row.pk).update(
        disabled_at=None, disabled_why="", failing_since=None, warned_at=None, resting_until=None
    )
    _write_down(subscription, by, enabled=True)
    outbox.want("deliveries", row.pk)
    subscription.refresh_from_db()
    return number


@transaction.atomic
def delete(subscription: Subscription, *, by: User | None) -> None:
    _write_down(subscription, by, deleted=True)
    subscription.delete()


@transaction.atomic
def send_again(delivery: Delivery) -> None:
    """Now, whatever became of it, with the same id. Raises NotChangeable if the subscription is disabled."""
    _refuse_if_disabled(delivery.subscription)
    Delivery.objects.filter(pk=delivery.pk).update(asked_at=now())
    outbox.want("deliveries", delivery.subscription_id)
    delivery.refresh_from_db(fields=["asked_at"])


@transaction.atomic
def send_test(subscription: Subscription) -> Delivery:
    """An example, sent once and now. Raises NotChangeable if the subscription is disabled."""
    _refuse_if_disabled(subscription)
    body = announcements.compose(EventType.TEST, {"webhook_id": str(subscription.uid), "note": _("This is a test.")})
    message = Message.objects.create(application=subscription.application, type=EventType.TEST, body=body)
    test = Delivery.objects.create(message=message, subscription=subscription, next_at=None, asked_at=now())
    outbox.want("deliveries", subscription.pk)
    return test


@transaction.atomic
def _subscribe(
    application: Application, url: str, types: list[str], description: str, by: User | None, key: UUID | None
) -> tuple[Subscription, str]:
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    earlier = application.subscriptions.filter(submission_key=key).first() if key else None
    if earlier is not None:
        return earlier, signing_keys.renew(earlier)
    if application.subscriptions.count() >= MOST:
        raise NotChangeable(_("An application has at most %(most)s webhooks. Delete one first.") % {"most": MOST})
    made = Subscription.objects.create(
        application=application, url=url, types=types, description=description, submission_key=key
    )
    _write_down(made, by, added=True)
    return made, signing_keys.renew(made)


@transaction.atomic
def _change(subscription: Subscription, url: str, types: list[str], description: str, by: User | None) -> None:
    """At another address nothing has failed yet."""
    if url != subscription.url:
        subscription.failing_since = subscription.warned_at = subscription.resting_until = None
    subscription.url, subscription.types, subscription.description = url, types, description
    changed = ["url", "types", "description", "failing_since", "warned_at", "resting_until"]
    subscription.save(update_fields=changed)
    _write_down(subscription, by, types=types)


def _replay(subscription: Subscription) -> int:
    """What waits, and what was given up since it began to fail."""
    missed = Q(state=DeliveryState.WAITING, next_at__isnull=False)
    if subscription.failing_since:
        missed |= Q(state=DeliveryState.FAILED, message__happened_at__gte=subscription.failing_since)
    found = subscription.deliveries.filter(missed).exclude(message__type=EventType.TEST).values_list("pk", flat=True)
    again = Delivery.objects.filter(pk__in=list(found))
    return again.update(state=DeliveryState.WAITING, next_at=now(), attempts=0)


def _refuse_if_disabled(subscription: Subscription) -> None:
    if not subscription.is_enabled:
        raise NotChangeable(_("This webhook is switched off. Enable it first; what was missed is then sent by itself."))


def _write_down(subscription: Subscription, by: User | None, **what: Any) -> None:
    application = subscription.application
    what |= {"webhook": str(subscription.uid), "receiver": subscription.host}
    audit.note(application.organization, Act.WEBHOOK_CHANGED, by=by, subject=application.name, **what)

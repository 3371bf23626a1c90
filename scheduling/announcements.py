"""Asks: tell the applications that somebody lets act for him what happened. In the transaction in which it does.

Sent by deliveries.py. Who has no application that listens costs one query.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F, Q
from django.utils.timezone import now
from ninja import Schema

from accounts.models import ApplicationState
from accounts.scopes import Scope
from outbox import outbox
from scheduling.models import Delivery, EventType, Message, Subscription

NEEDS = {
    "connection": Scope.CONFERENCING_READ,
    "meeting": Scope.EVENTS_READ,
    "booking": Scope.BOOKINGS_READ,
}
"""What somebody must have consented to, by the noun of the type."""


def announce(
    kind: EventType,
    data: Callable[[], Schema],
    *,
    host_id: int,
    organization_id: int,
    application_id: int | None = None,
) -> None:
    """data: as the API shows it (shapes/), asked for only if somebody listens.

    application_id: the only one that it concerns; else all that act for this person in this organization.
    """
    wanted = Q(application__consents__user=host_id)
    if application_id is not None:
        wanted &= Q(application=application_id)
    _tell(kind, organization_id, wanted, lambda host: data())


def announce_to_members(kind: EventType, data: Callable[[int], Schema], *, organization_id: int) -> None:
    """What concerns everybody in the organization.  data: as the API shows it to the member with this user's id."""
    _tell(kind, organization_id, Q(), data)


def compose(kind: EventType, data: dict[str, Any]) -> str:
    """The body, as Standard Webhooks describes it."""
    shown = {"type": kind.value, "timestamp": now().isoformat(), "data": data}
    return json.dumps(shown, ensure_ascii=False)


def owe(message: Message, subscriptions: Iterable[Subscription]) -> None:
    """To those disabled too: what they miss is sent once they are enabled again."""
    for subscription in subscriptions:
        Delivery.objects.create(message=message, subscription=subscription)
        if subscription.is_enabled:
            outbox.want("deliveries", subscription.pk)


def may_hear(kind: str, scopes: list[str]) -> bool:
    return NEEDS[kind.split(".")[0]] in scopes


def _tell(kind: EventType, organization_id: int, wanted: Q, data: Callable[[int], Schema]) -> None:
    here = Q(application__consents__membership__organization=organization_id)
    rows = Subscription.objects.filter(here, wanted, application__state=ApplicationState.ACTIVE).annotate(
        consent=F("application__consents__pk"),
        about=F("application__consents__user"),
        allowed=F("application__consents__scopes"),
    )  # one row for each subscription and each consent to its application
    listening: dict[tuple[int, int, int], list[Subscription]] = defaultdict(list)
    for row in rows:
        if may_hear(kind, row.allowed) and (not row.types or kind in row.types):
            listening[row.application_id, row.consent, row.about].append(row)
    for (application, consent, host), subscriptions in listening.items():
        body = compose(kind, data(host).model_dump(mode="json"))
        message = Message.objects.create(application_id=application, consent_id=consent, type=kind, body=body)
        owe(message, subscriptions)

"""Asks: tell the applications that somebody lets act for him what happened. In the transaction in which it does.

Sent by deliveries.py. Who has no application that listens costs one query.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.models import F
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
    listening = _listening(kind, host_id, organization_id, application_id)
    body = _body(kind, data()) if listening else ""
    for application, subscriptions in listening.items():
        message = Message.objects.create(application_id=application, type=kind, body=body)
        for subscription in subscriptions:
            delivery = Delivery.objects.create(message=message, subscription=subscription)
            if subscription.is_enabled:
                outbox.want("delivery", delivery.pk)


def _listening(
    kind: EventType, host_id: int, organization_id: int, application_id: int | None
) -> dict[int, list[Subscription]]:
    """By application. Those disabled too: what they miss is sent once they are enabled again."""
    rows = Subscription.objects.filter(
        application__state=ApplicationState.ACTIVE,
        application__consents__user=host_id,
        application__consents__membership__organization=organization_id,
    ).annotate(allowed=F("application__consents__scopes"))
    if application_id is not None:
        rows = rows.filter(application=application_id)
    found: dict[int, list[Subscription]] = defaultdict(list)
    for row in rows:
        if NEEDS[kind.split(".")[0]] in row.allowed and (not row.types or kind in row.types):
            found[row.application_id].append(row)
    return found


def _body(kind: EventType, data: Schema) -> str:
    shown: dict[str, Any] = {"type": kind.value, "timestamp": now().isoformat(), "data": data.model_dump(mode="json")}
    return json.dumps(shown, ensure_ascii=False)

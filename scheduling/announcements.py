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
from ninja.responses import NinjaJSONEncoder

from accounts.models import ApplicationState, Consent
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
    _tell(kind, organization_id, wanted, lambda consent: data())


def announce_to_each(
    kind: EventType, data: Callable[[Consent], Schema], *, organization_id: int, host_id: int | None
) -> None:
    """What looks different to each application and person.  host_id: None for what concerns all in the organization."""
    _tell(kind, organization_id, Q() if host_id is None else Q(application__consents__user=host_id), data)


def compose(kind: EventType, data: dict[str, Any]) -> str:
    """The body, as Standard Webhooks describes it, and written as the API writes its answers."""
    shown = {"type": kind.value, "timestamp": now(), "data": data}
    return json.dumps(shown, cls=NinjaJSONEncoder, ensure_ascii=False)


def owe(message: Message, subscriptions: Iterable[Subscription]) -> None:
    """To those disabled too: what they miss is sent once they are enabled again."""
    for subscription in subscriptions:
        Delivery.objects.create(message=message, subscription=subscription)
        if subscription.is_enabled:
            outbox.want("deliveries", subscription.pk)


def may_hear(kind: str, scopes: list[str]) -> bool:
    return NEEDS[kind.split(".")[0]] in scopes


def _tell(kind: EventType, organization_id: int, wanted: Q, data: Callable[[Consent], Schema]) -> None:
    listening = _listening(kind, organization_id, wanted)
    consents = Consent.objects.select_related("application", "user", "membership__organization")
    for consent in consents.filter(pk__in=listening) if listening else ():
        body = compose(kind, data(consent).model_dump())
        message = Message.objects.create(application=consent.application, consent=consent, type=kind, body=body)
        owe(message, listening[consent.pk])


def _listening(kind: EventType, organization_id: int, wanted: Q) -> dict[int, list[Subscription]]:
    """By the id of the consent: where its application wants to be told. One query."""
    here = Q(application__consents__membership__organization=organization_id)
    rows = Subscription.objects.filter(here, wanted, application__state=ApplicationState.ACTIVE)
    found: dict[int, list[Subscription]] = defaultdict(list)
    for row in rows.annotate(consent=F("application__consents__pk"), allowed=F("application__consents__scopes")):
        if may_hear(kind, row.allowed) and (not row.types or kind in row.types):
            found[row.consent].append(row)
    return found

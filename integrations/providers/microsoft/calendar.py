"""Calendars of a mailbox. Ids are immutable ones: they outlive a move to another calendar."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from requests import Session

from integrations.exceptions import RequestRejected
from integrations.providers.calendaring import Pushes
from integrations.providers.microsoft import events, following, links, refusals, translation
from integrations.providers.microsoft.watches import Watches
from integrations.types import Event, EventPage, EventRequest, ListedCalendar

EXPANDED = {"$expand": events.EXPAND}


class Calendars:
    pushes: Pushes | None = Watches()

    def list_calendars(self, http: Session) -> list[ListedCalendar]:
        found = [_listed(item) for item in links.items(http, "/me/calendars", {"$top": "100"})]
        return sorted(found, key=lambda one: (not one.is_main, one.name))

    def changes(
        self, http: Session, calendar_id: str, *, window: tuple[datetime, datetime], since: str = ""
    ) -> Iterator[EventPage]:
        return following.pages(http, calendar_id, window, since)

    def events(self, http: Session, calendar_id: str, start: datetime, end: datetime) -> list[Event]:
        return following.between(http, calendar_id, start, end)

    def read_event(self, http: Session, calendar_id: str, external_id: str) -> Event | None:
        with refusals.gone_is_fine():
            return events.read(item(http, calendar_id, external_id))
        return None

    def create_event(self, http: Session, calendar_id: str, request: EventRequest) -> Event:
        known = by_reference(http, calendar_id, request.reference)
        if known is not None:
            return self.update_event(http, calendar_id, known.external_id, request)
        return events.read(create(http, calendar_id, request))

    def update_event(self, http: Session, calendar_id: str, external_id: str, request: EventRequest) -> Event:
        """The body of a Teams meeting holds what makes it one, so it stays as it is."""
        path = links.event(calendar_id, external_id)
        before = translation.content(http.get(path, params={"$select": "isOnlineMeeting"}, headers=links.headers()))
        fields = events.written(request, body=not before.get("isOnlineMeeting"))
        http.patch(path, json=fields, headers=links.headers())
        return events.read(item(http, calendar_id, external_id))

    def delete_event(self, http: Session, calendar_id: str, external_id: str) -> None:
        """Ours have no attendees, so nobody is written to."""
        with refusals.gone_is_fine():
            http.delete(links.event(calendar_id, external_id), headers=links.headers())


def item(http: Session, calendar_id: str, external_id: str) -> dict[str, Any]:
    """As Graph has it. Raises RequestRejected with `missing`."""
    return translation.content(
        http.get(links.event(calendar_id, external_id), params=EXPANDED, headers=links.headers())
    )


def by_reference(http: Session, calendar_id: str, reference: str) -> Event | None:
    """Ours that an unclear answer may have left behind."""
    if not reference:
        return None
    quoted = reference.replace("'", "''")
    wanted = f"singleValueExtendedProperties/Any(ep: ep/id eq '{events.REFERENCE}' and ep/value eq '{quoted}')"
    found = links.items(http, f"{links.calendar(calendar_id)}/events", {"$filter": wanted, **EXPANDED})
    return next((events.read(one) for one in found if not one.get("isCancelled")), None)


def create(http: Session, calendar_id: str, request: EventRequest) -> dict[str, Any]:
    """As Graph has it then. It may still know the transaction of an event that somebody deleted: then by another."""
    transaction = events.OURS + request.reference
    try:
        return _post(http, calendar_id, events.created(request, transaction))
    except RequestRejected as rejected:
        if rejected.code != translation.CONFLICT:
            raise
    return _post(http, calendar_id, events.created(request, f"{transaction}#{secrets.token_hex(4)}"))


def _post(http: Session, calendar_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    response = http.post(f"{links.calendar(calendar_id)}/events", json=fields, headers=links.headers())
    made = translation.content(response)
    if not made.get("id") or not isinstance(made.get("start"), dict):
        raise translation.unclear(response)
    return made


def _listed(found: dict[str, Any]) -> ListedCalendar:
    return ListedCalendar(
        external_id=str(found["id"]),
        name=str(found.get("name") or ""),
        is_main=bool(found.get("isDefaultCalendar")),
        can_write=bool(found.get("canEdit", True)),
    )

"""Google's calendars. Ids of calendars are addresses, of events Google's or ours.

Nobody is written to by Google (`sendUpdates=none`): Bridge sends its own mails.
https://developers.google.com/workspace/calendar/api/v3/reference
"""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from requests import Session

from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.providers.calendaring import Pushes
from integrations.providers.google import following, paging, reading, translation, writing
from integrations.providers.google.watches import Watches
from integrations.types import Event, EventPage, EventRequest, ListedCalendar

API = "/calendar/v3"
SILENTLY = {"sendUpdates": "none", "conferenceDataVersion": "1"}
"""The second keeps a meeting that hangs on the event; without it what is said of one is ignored."""

WRITERS = ("owner", "writer", "writerWithoutPrivateAccess")
MOST_GENERATIONS = 50
MOST_TRIES = 3


class Calendars:
    pushes: Pushes | None = Watches()

    def list_calendars(self, http: Session) -> list[ListedCalendar]:
        listed = paging.items(http, f"{API}/users/me/calendarList", {"maxResults": "250"})
        found = [_calendar(item) for item in listed if item.get("id") and not item.get("deleted")]
        return sorted(found, key=lambda one: (not one.is_main, one.name))

    def changes(
        self, http: Session, calendar_id: str, *, window: tuple[datetime, datetime], since: str = ""
    ) -> Iterator[EventPage]:
        return following.changes(http, events_of(calendar_id), window, since)

    def events(self, http: Session, calendar_id: str, start: datetime, end: datetime) -> list[Event]:
        query = {"singleEvents": "true", "orderBy": "startTime", "maxResults": "2500"}
        query |= {"timeMin": start.astimezone(UTC).isoformat(), "timeMax": end.astimezone(UTC).isoformat()}
        found = paging.items(http, events_of(calendar_id), query)
        return [reading.event(item) for item in found if not reading.is_cancelled(item)]

    def read_event(self, http: Session, calendar_id: str, external_id: str) -> Event | None:
        found = raw(http, calendar_id, external_id)
        return None if found is None else reading.event(found)

    def create_event(self, http: Session, calendar_id: str, request: EventRequest) -> Event:
        return reading.event(create(http, calendar_id, request))

    def update_event(self, http: Session, calendar_id: str, external_id: str, request: EventRequest) -> Event:
        return reading.event(update(http, calendar_id, external_id, request))

    def delete_event(self, http: Session, calendar_id: str, external_id: str) -> None:
        try:
            http.delete(event_of(calendar_id, external_id), params={"sendUpdates": "none"})
        except RequestRejected as rejected:
            if not rejected.missing:
                raise


def events_of(calendar_id: str) -> str:
    """Ids hold @ and #."""
    return f"{API}/calendars/{quote(calendar_id, safe='')}/events"


def event_of(calendar_id: str, external_id: str) -> str:
    return f"{events_of(calendar_id)}/{quote(external_id, safe='')}"


def raw(http: Session, calendar_id: str, external_id: str) -> dict[str, Any] | None:
    """As Google shows it, deleted ones left out."""
    found = known(http, calendar_id, external_id)
    return None if found is None or reading.is_cancelled(found) else found


def known(http: Session, calendar_id: str, external_id: str) -> dict[str, Any] | None:
    """A deleted one too: Google keeps it for a while, and its id for ever."""
    try:
        return translation.content(http.get(event_of(calendar_id, external_id)))
    except RequestRejected as rejected:
        if not rejected.missing:
            raise
        return None


def create(http: Session, calendar_id: str, request: EventRequest) -> dict[str, Any]:
    """Under an id made of the reference. Where that is taken: ours and alive, or the next one."""
    for generation in range(MOST_GENERATIONS):
        named = writing.identifier(calendar_id, request.reference or uuid.uuid4().hex, generation)
        made = _inserted(http, calendar_id, request, named)
        if made is not None:
            return made
        there = raw(http, calendar_id, named)
        if there is not None and reading.reference(there) == request.reference:
            return update(http, calendar_id, named, request)
    raise ProviderUnavailable(_("Google has no room for this event. Bridge tries again later."))


def update(http: Session, calendar_id: str, external_id: str, request: EventRequest) -> dict[str, Any]:
    """Somebody may change it at the same moment: then once more, with what it is by then."""
    body, address = writing.changes(request), event_of(calendar_id, external_id)
    for _time in range(MOST_TRIES):
        there = raw(http, calendar_id, external_id)
        if there is None:
            raise RequestRejected(_("The event is no longer in the calendar."), missing=True)
        try:
            headers = {"If-Match": str(there.get("etag") or "*")}
            return translation.content(http.patch(address, json=body, params=SILENTLY, headers=headers))
        except RequestRejected as rejected:
            if rejected.code != 412:
                raise
    raise ProviderUnavailable(_("The event is being changed at Google just now. Bridge tries again in a moment."))


def _inserted(http: Session, calendar_id: str, request: EventRequest, named: str) -> dict[str, Any] | None:
    """None where the id is taken."""
    try:
        return translation.content(http.post(events_of(calendar_id), json=writing.new(request, named), params=SILENTLY))
    except RequestRejected as rejected:
        if rejected.code != 409:
            raise
        return None


def _calendar(item: dict[str, Any]) -> ListedCalendar:
    return ListedCalendar(
        external_id=str(item["id"]),
        name=str(item.get("summaryOverride") or item.get("summary") or item["id"]),
        time_zone=str(item.get("timeZone") or ""),
        is_main=item.get("primary") is True,
        can_write=item.get("accessRole") in WRITERS,
    )

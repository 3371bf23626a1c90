"""What changed in a calendar. Series are listed as one, and their instances read from the window: in a list of
instances Google's increments have holes.

https://developers.google.com/workspace/calendar/api/guides/sync
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from requests import Session

from integrations.exceptions import RequestRejected, SyncTokenLost
from integrations.providers.google import paging, reading
from integrations.providers.google.translation import FORGOTTEN, Refused
from integrations.types import Event, EventPage

Window = tuple[datetime, datetime]
DAY = timedelta(days=1)


def changes(http: Session, path: str, window: Window, since: str) -> Iterator[EventPage]:
    """path: of the calendar's events. Nothing but the token may be said with a token.

    Where everything is told, nothing that was known counts, so no series has to be named.
    """
    told = {"syncToken": since} if since else _bounds(window)
    seen: set[str] = set()
    try:
        for page in paging.pages(http, path, {"maxResults": "2500", **told}):
            found = _page(http, path, window, page, seen)
            yield found if since else replace(found, series=())
    except Refused as refused:
        if refused.reasons & FORGOTTEN or refused.code == 410:
            raise SyncTokenLost from refused
        raise


def _page(http: Session, path: str, window: Window, page: dict[str, Any], seen: set[str]) -> EventPage:
    """A single event may have been a series until now, so what was known under its id is void too."""
    events: list[Event] = []
    removed: list[str] = []
    series: list[str] = []
    for item in paging.listed(page):
        named = _series(item)
        if named and named not in seen:
            seen.add(named)
            series.append(named)
            events += _instances(http, path, window, named)
        elif not named:
            series.append(str(item["id"]))
            _single(item, window, events, removed)
    return EventPage(tuple(events), tuple(removed), tuple(series), str(page.get("nextSyncToken") or ""))


def _series(item: dict[str, Any]) -> str:
    """Which one changed: itself, or an instance of it. A deleted one has nothing left but its id."""
    if item.get("recurringEventId"):
        return str(item["recurringEventId"])
    return str(item["id"]) if item.get("recurrence") and not reading.is_cancelled(item) else ""


def _single(item: dict[str, Any], window: Window, events: list[Event], removed: list[str]) -> None:
    """What was moved out of the window is gone from what we know."""
    if reading.is_cancelled(item):
        removed.append(str(item["id"]))
        return
    event = reading.event(item)
    if _is_within(event, window):
        events.append(event)
    else:
        removed.append(event.external_id)


def _instances(http: Session, path: str, window: Window, named: str) -> list[Event]:
    """None where the series is gone, or is a series no more."""
    query = {"maxResults": "2500", **_bounds(window)}
    try:
        found = list(paging.items(http, f"{path}/{quote(named, safe='')}/instances", query))
    except RequestRejected as rejected:
        if not rejected.missing:
            raise
        return []
    return [reading.event(item) for item in found if not reading.is_cancelled(item)]


def _is_within(event: Event, window: Window) -> bool:
    """All day counts generously: we do not know the calendar's zone here."""
    return _instant(event.end) + _slack(event) > window[0] and _instant(event.start) - _slack(event) < window[1]


def _instant(at: datetime | date) -> datetime:
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)


def _slack(event: Event) -> timedelta:
    return timedelta() if isinstance(event.start, datetime) else DAY


def _bounds(window: Window) -> dict[str, str]:
    return {"timeMin": window[0].astimezone(UTC).isoformat(), "timeMax": window[1].astimezone(UTC).isoformat()}

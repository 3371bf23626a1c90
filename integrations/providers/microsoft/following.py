"""What changed in a calendar: Graph's delta, which shows of a series' occurrences hardly more than their times.

https://learn.microsoft.com/graph/delta-query-events; the link at the end of a round holds the window and is opaque.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from requests import Session

from integrations.exceptions import ProviderUnavailable, RequestRejected
from integrations.providers.microsoft import events, links, refusals, translation
from integrations.types import Event, EventPage

Window = tuple[datetime, datetime]
Item = dict[str, Any]


@dataclass
class _Series:
    """What a round told of series: their masters, and instances by the master's id."""

    masters: dict[str, Item] = field(default_factory=dict)
    instances: dict[str, list[Item]] = field(default_factory=dict)

    def take(self, item: Item) -> bool:
        """Whether it is of a series."""
        if events.is_master(item):
            self.masters[str(item["id"])] = item
            self.instances.setdefault(str(item["id"]), [])
            return True
        master = str(item.get("seriesMasterId") or "")
        if master:
            self.instances.setdefault(master, []).append(item)
        return bool(master)

    @property
    def ids(self) -> list[str]:
        return list(self.instances)


def pages(http: Session, calendar_id: str, window: Window, since: str) -> Iterator[EventPage]:
    """Raises SyncTokenLost."""
    series, link = _Series(), ""
    window = _window(since) if since else window
    with refusals.forgotten():
        for page in _rounds(http, calendar_id, window, since):
            link = page.get("@odata.deltaLink") or ""
            yield _single(page["value"], series)
    known = _told(series) if not since else {}
    for master in series.ids:
        yield _whole(http, calendar_id, master, window, known.get(master))
    yield EventPage(sync_token=_token(window, link))


def instances(http: Session, calendar_id: str, master: str, window: Window) -> list[Event]:
    """All of a series in the window, in full. Raises RequestRejected with `missing`."""
    path = f"{links.event(calendar_id, master)}/instances"
    return [events.read(item) for item in links.items(http, path, {**query(window), "$expand": events.EXPAND})]


def between(http: Session, calendar_id: str, start: datetime, end: datetime) -> list[Event]:
    """As it stands now."""
    wanted = {**query((start, end)), "$expand": events.EXPAND}
    found = links.items(http, f"{links.calendar(calendar_id)}/calendarView", wanted)
    return [event for event in (events.read(item) for item in found) if not _is_over(event, start)]


def _rounds(http: Session, calendar_id: str, window: Window, since: str) -> Iterator[Item]:
    """Each page with its link as a path; the last one names the next round's."""
    path = since.partition(" ")[2] or f"{links.calendar(calendar_id)}/calendarView/delta"
    params = None if since else query(window)
    for _page in range(links.MOST_PAGES):
        response = http.get(path, params=params, headers=links.headers(size=links.PAGE))
        page, params = translation.content(response), None
        follow = page.get("@odata.nextLink") or page.get("@odata.deltaLink")
        if not isinstance(page.get("value"), list) or not follow:
            raise translation.unclear(response)
        path = links.below(response, str(follow))
        yield page | ({"@odata.deltaLink": path} if "@odata.deltaLink" in page else {})
        if "@odata.deltaLink" in page:
            return
    raise ProviderUnavailable("Microsoft’s list of changes does not end.")


def _single(items: Iterable[Item], series: _Series) -> EventPage:
    """What stands for itself; the rest waits until all was told. Some of what is removed we have never seen."""
    found = [item for item in items if isinstance(item, dict) and item.get("id")]
    removed = tuple(str(item["id"]) for item in found if "@removed" in item)
    singles = [item for item in found if "@removed" not in item and not series.take(item)]
    return EventPage(tuple(events.read(item) for item in singles), removed)


def _told(series: _Series) -> dict[str, tuple[Event, ...]]:
    """Instances that the first round tells of in full, or whose master says the rest."""
    return {
        master: tuple(events.read(series.masters[master] | item) for item in found)
        for master, found in series.instances.items()
        if master in series.masters
    }


def _whole(http: Session, calendar_id: str, master: str, window: Window, known: tuple[Event, ...] | None) -> EventPage:
    if known is not None:
        return EventPage(known, series=(master,))
    try:
        return EventPage(tuple(instances(http, calendar_id, master, window)), series=(master,))
    except RequestRejected as rejected:
        if not rejected.missing:
            raise
        return EventPage(removed=(master,))


def query(window: Window) -> dict[str, str]:
    """With Z: an offset's plus sign would have to be encoded, and is not always."""
    start, end = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z" for at in window)
    return {"startDateTime": start, "endDateTime": end}


def _token(window: Window, link: str) -> str:
    """With the window that stands unreadably in the link."""
    return "/".join(at.astimezone(UTC).isoformat() for at in window) + f" {link}"


def _window(token: str) -> Window:
    start, _slash, end = token.partition(" ")[0].partition("/")
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def _is_over(event: Event, start: datetime) -> bool:
    """What ends as the window begins is not in it, whatever Graph thinks of that."""
    return isinstance(event.end, datetime) and event.end <= start and event.start != event.end

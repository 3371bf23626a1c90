"""CalDAV calendars for Bridge. A calendar is a path on the server, an event is one below it; an instance of a series is
the series' path, a number sign, and the moment at which the rule put it.
"""

from collections.abc import Iterator
from datetime import datetime

from requests import Session

from integrations.providers.caldav import dav, events, instances, listing, objects, recurrences, sync, writing
from integrations.providers.caldav.dav import Dav
from integrations.providers.calendaring import Pushes
from integrations.types import Event, EventPage, EventRequest, ListedCalendar


class Calendars:
    pushes: Pushes | None = None

    def list_calendars(self, http: Session) -> list[ListedCalendar]:
        return listing.calendars(dav.of(http))

    def changes(
        self, http: Session, calendar_id: str, *, window: tuple[datetime, datetime], since: str = ""
    ) -> Iterator[EventPage]:
        return sync.pages(dav.of(http), calendar_id, window, since)

    def events(self, http: Session, calendar_id: str, start: datetime, end: datetime) -> list[Event]:
        opened = dav.of(http)
        stored = sync.within(opened, calendar_id, (start, end))
        page = sync.read(stored, (start, end), opened, recurrences.Effort())
        return [event for event in page.events if _touches(event, start, end)]

    def read_event(self, http: Session, calendar_id: str, external_id: str) -> Event | None:
        return _read(dav.of(http), external_id)

    def create_event(self, http: Session, calendar_id: str, request: EventRequest) -> Event:
        opened = dav.of(http)
        return _written(opened, writing.create(opened, calendar_id, request))

    def update_event(self, http: Session, calendar_id: str, external_id: str, request: EventRequest) -> Event:
        opened, (path, instance) = dav.of(http), _split(external_id)
        if not instance:
            writing.change(opened, path, lambda found: writing.bring(found, request))
        elif _read(opened, external_id) is None:
            raise writing.gone()
        else:
            writing.change(opened, path, lambda found: instances.bring(found, instance, request))
        return _written(opened, external_id)

    def delete_event(self, http: Session, calendar_id: str, external_id: str) -> None:
        opened, (path, instance) = dav.of(http), _split(external_id)
        if not instance:
            writing.delete(opened, path)
        elif _read(opened, external_id) is not None:
            writing.change(opened, path, lambda found: instances.leave_out(found, instance))


def _read(opened: Dav, external_id: str) -> Event | None:
    path, instance = _split(external_id)
    if (stored := writing.fetch(opened, path)) is None:
        return None
    try:
        found = instances.find(stored, instance) if instance else next(iter(objects.in_zones(stored)), None)
        return None if found is None else events.read(found, path, stored.etag, opened.addresses, instance=instance)
    except (ValueError, OverflowError) as error:
        raise objects.unreadable(stored.text, path) from error


def _written(opened: Dav, external_id: str) -> Event:
    """As the server has it: it may have changed what was sent."""
    if (found := _read(opened, external_id)) is None:
        raise writing.gone()
    return found


def _split(external_id: str) -> tuple[str, str]:
    path, _sign, instance = external_id.partition("#")
    return path, instance


def _touches(event: Event, start: datetime, end: datetime) -> bool:
    """With a day to spare for what has no zone of its own: the caller knows where it is."""
    has_zone = isinstance(event.start, datetime) and event.start.tzinfo is not None
    spare = recurrences.DAY * (not has_zone)
    begins, ends = recurrences.moment(event.start), recurrences.moment(event.end)
    return begins - spare < end and (ends + spare > start or begins == ends >= start)

"""freeBusy.query: busy times without titles; what cannot be told is an error inside a good answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from integrations.simulators.google.access import Caller
from integrations.simulators.google.calendar import access, copies, series, times
from integrations.simulators.google.errors import ApiError
from integrations.simulators.google.identity import scopes
from integrations.simulators.google.records import Calendar, Event
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response, answer

LONGEST = timedelta(days=92)
MOST = 50
FREE = ("workingLocation", "birthday")


def query(world: World, request: Request) -> Response:
    by, asked = access.caller(world, request, scopes.FREEBUSY), request.json()
    start, end = times.bound(asked["timeMin"], "timeMin"), times.bound(asked["timeMax"], "timeMax")
    if end <= start:
        sentence = "The specified time range is empty."
        raise ApiError(400, "timeRangeEmpty", sentence, domain="calendar", location="timeMax")
    if end - start > LONGEST:
        raise ApiError(400, "timeRangeTooLong", "The requested time range is too long.", domain="calendar")
    named, zone = [item["id"] for item in asked.get("items", [])], asked.get("timeZone", "UTC")
    told = {one: _one(world, by, one, start, end, zone, many=len(named) > MOST) for one in named}
    frame = {"kind": "calendar#freeBusy", "timeMin": times.written(start), "timeMax": times.written(end)}
    return answer(200, frame | {"calendars": told})


def _one(
    world: World, by: Caller, named: str, start: datetime, end: datetime, zone: str, *, many: bool
) -> dict[str, Any]:
    found = world.primary_of(by.person) if named == "primary" else world.calendars.get(named)
    if many:
        return {"errors": [{"domain": "calendar", "reason": "tooManyCalendarsRequested"}], "busy": []}
    if found is None or not world.role(found, by.person):
        return {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
    busy = sorted({period for event in _events(found, start, end) if (period := _period(world, found, event))})
    return {"busy": [{"start": times.written(begins, zone), "end": times.written(ends, zone)} for begins, ends in busy]}


def _events(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Event]:
    for event in list(calendar.events.values()):
        if series.is_master(event) and not event.deleted:
            yield from series.instances(calendar, event, start, end)
        elif "recurringEventId" not in event.fields and series.within(calendar, event, start, end):
            yield event


def _period(world: World, calendar: Calendar, event: Event) -> tuple[datetime, datetime] | None:
    fields, switches = event.fields, world.switches
    mine = copies.own_answer(fields, calendar.id)
    free = event.deleted or fields.get("transparency") == "transparent" or fields.get("eventType") in FREE
    unsure = mine == "tentative" or fields.get("status") == "tentative"
    if free or mine == "declined" or (unsure and not switches.tentative_is_busy):
        return None
    if mine == "needsAction" and not switches.unanswered_is_busy:
        return None
    return times.instant(fields["start"], calendar.time_zone), times.instant(fields["end"], calendar.time_zone)

"""events.list and events.instances."""

from datetime import datetime, timedelta
from typing import Any

from integrations.simulators.google import paging
from integrations.simulators.google.access import Caller
from integrations.simulators.google.calendar import access, answers, series, times
from integrations.simulators.google.errors import ApiError, invalid, not_found
from integrations.simulators.google.identity import scopes
from integrations.simulators.google.records import Calendar, Event, SyncToken
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response

NOT_WITH_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
NARROWING = ("iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "updatedMin")
OLDEST = timedelta(days=30)


def listed(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.EVENTS_READ)
    calendar = access.calendar(world, request, by)
    _check(request)
    if "updatedMin" in request.query:
        _since(world, request.query["updatedMin"])
    of = f"events:{calendar.id}"
    page = paging.known(world, request, of)
    if page is None:
        token = paging.since(world, request, of, _settings(request))
        items = _found(world, request, calendar, by, token)
        whole = world.switches.sync_with_order or not any(name in request.query for name in NARROWING)
        page = paging.begin(world, request, of, items, gives_token=whole)
    size = paging.size(request, "maxResults", 250, 2500)
    frame = _frame(world, calendar, by)
    return paging.answered(world, page, size, _shown(world, request, calendar, by), frame, _settings(request))


def instances(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.EVENTS_READ)
    calendar = access.calendar(world, request, by)
    master = calendar.events.get(request.arguments["event"])
    if master is None or not series.is_master(master) or master.deleted:
        raise not_found()
    of = f"instances:{calendar.id}:{master.id}"
    page = paging.known(world, request, of)
    if page is None:
        found = [one for one in series.instances(calendar, master, *_window(request)) if _wanted(request, one)]
        page = paging.begin(world, request, of, found, gives_token=False)
    size = paging.size(request, "maxResults", 250, 2500)
    frame = _frame(world, calendar, by)
    return paging.answered(world, page, size, _shown(world, request, calendar, by), frame, ())


def _found(world: World, request: Request, calendar: Calendar, by: Caller, token: SyncToken | None) -> list[Event]:
    single = request.query.get("singleEvents") == "true" or world.role(calendar, by.person) == "freeBusyReader"
    events = [one for one in calendar.events.values() if token is None or one.version > token.version]
    if single:
        events = _expanded(request, calendar, events)
    found = [one for one in events if _in_window(request, calendar, one) and _matches(world, request, one)]
    if token is None:
        found = [one for one in found if _wanted(request, one) or _needed(calendar, one, single=single)]
    return sorted(found, key=_order(request, calendar))


def _expanded(request: Request, calendar: Calendar, events: list[Event]) -> list[Event]:
    """Masters give way to their instances."""
    masters = {one.id for one in events if series.is_master(one) and not one.deleted}
    rest = [one for one in events if one.id not in masters and one.fields.get("recurringEventId") not in masters]
    every = (series.instances(calendar, calendar.events[named], *_window(request)) for named in masters)
    return rest + [instance for some in every for instance in some]


def _in_window(request: Request, calendar: Calendar, event: Event) -> bool:
    start, end = _window(request)
    if series.is_master(event) and not event.deleted:
        return next(series.instances(calendar, event, start, end), None) is not None
    return series.within(calendar, event, start, end)


def _wanted(request: Request, event: Event) -> bool:
    return not event.deleted or request.query.get("showDeleted") == "true"


def _needed(calendar: Calendar, event: Event, *, single: bool) -> bool:
    """A cancelled instance, as long as its series lives: nobody could know otherwise."""
    master = calendar.events.get(event.fields.get("recurringEventId", ""))
    return not single and master is not None and not master.deleted


def _matches(world: World, request: Request, event: Event) -> bool:
    query, kinds = request.query, request.every("eventTypes")
    if kinds and event.fields.get("eventType", "default") not in kinds:
        return False
    if "iCalUID" in query and event.fields.get("iCalUID") != query["iCalUID"]:
        return False
    if "q" in query and query["q"].lower() not in str(event.fields.get("summary", "")).lower():
        return False
    if "updatedMin" in query and event.updated_at < _since(world, query["updatedMin"]):
        return False
    return all(_carries(event, kind, request.every(f"{kind}ExtendedProperty")) for kind in ("private", "shared"))


def _since(world: World, text: str) -> datetime:
    at = times.bound(text, "updatedMin")
    if at < world.clock.now() - OLDEST:
        sentence = "The requested minimum modification time lies too far in the past."
        raise ApiError(410, "updatedMinTooLongAgo", sentence, domain="calendar", location="updatedMin")
    return at


def _carries(event: Event, kind: str, wanted: list[str]) -> bool:
    has = event.fields.get("extendedProperties", {}).get(kind, {})
    return all(has.get(pair.partition("=")[0]) == pair.partition("=")[2] for pair in wanted)


def _order(request: Request, calendar: Calendar) -> Any:
    if request.query.get("orderBy") == "startTime":
        return lambda one: times.instant(one.fields["start"], calendar.time_zone)
    return lambda one: one.version


def _window(request: Request) -> tuple[datetime | None, datetime | None]:
    least, most = request.query.get("timeMin"), request.query.get("timeMax")
    start = times.bound(least, "timeMin") if least else None
    end = times.bound(most, "timeMax") if most else None
    if start and end and start >= end:
        raise ApiError(
            400, "timeRangeEmpty", "The specified time range is empty.", domain="calendar", location="timeMax"
        )
    return start, end


def _check(request: Request) -> None:
    query = request.query
    forbidden = [name for name in NOT_WITH_TOKEN if name in query]
    if "syncToken" in query and (forbidden or query.get("showDeleted") == "false"):
        raise invalid("Sync token cannot be used with the following parameters.", (forbidden or ["showDeleted"])[0])
    if query.get("orderBy") == "startTime" and query.get("singleEvents") != "true":
        raise invalid("The requested ordering is not available for the particular query.", "orderBy")
    _window(request)


def _settings(request: Request) -> tuple[tuple[str, str], ...]:
    """What must stay the same between a list and its increments."""
    single, kinds = request.query.get("singleEvents", "false"), sorted(request.every("eventTypes"))
    return (("singleEvents", single), ("eventTypes", ",".join(kinds)))


def _shown(world: World, request: Request, calendar: Calendar, by: Caller) -> paging.Shown:
    in_zone = request.query.get("timeZone", "")
    return lambda event: answers.shown(world, calendar, event, by.person, in_zone)


def _frame(world: World, calendar: Calendar, by: Caller) -> dict[str, Any]:
    told = {"kind": "calendar#events", "etag": f'"p{world.version}"', "summary": calendar.summary}
    told |= {"timeZone": calendar.time_zone, "updated": times.stamp(world.clock.now())}
    return told | {"accessRole": world.role(calendar, by.person), "defaultReminders": []}

"""calendarList, calendars and settings."""

from typing import Any

from integrations.simulators.google import paging
from integrations.simulators.google.calendar import access
from integrations.simulators.google.errors import invalid, not_found
from integrations.simulators.google.identity import scopes
from integrations.simulators.google.records import Entry, Person
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response, answer

ROLES = ("freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")


def listed(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.LIST_READ)
    least = request.query.get("minAccessRole")
    if "syncToken" in request.query and least:
        raise invalid("Sync token cannot be used with minAccessRole.", "minAccessRole")
    of = f"calendarList:{by.person.sub}"
    page = paging.known(world, request, of)
    if page is None:
        token = paging.since(world, request, of, ())
        entries = list(world.lists[by.person.sub].values())
        if token is not None:
            entries = [entry for entry in entries if entry.version > token.version]
        else:
            entries = [entry for entry in entries if _wanted(world, request, by.person, entry, least or ROLES[0])]
        page = paging.begin(world, request, of, entries)
    frame = {"kind": "calendar#calendarList", "etag": f'"p{world.version}"'}
    size = paging.size(request, "maxResults", 100, 250)
    return paging.answered(world, page, size, lambda entry: _shown(world, by.person, entry), frame, ())


def get(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.LIST_READ)
    calendar = access.calendar(world, request, by)
    entry = world.lists[by.person.sub].get(calendar.id)
    if entry is None or entry.deleted:
        raise not_found()
    return answer(200, _shown(world, by.person, entry))


def insert(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.of("calendar"))
    calendar = world.calendars.get(str(request.json().get("id")))
    if calendar is None or not world.role(calendar, by.person):
        raise not_found()
    return answer(200, _shown(world, by.person, put(world, by.person, calendar.id)))


def put(world: World, person: Person, calendar_id: str) -> Entry:
    entry = Entry(calendar_id, world.next_version())
    world.lists.setdefault(person.sub, {})[calendar_id] = entry
    world.push.tell(f"calendarList:{person.sub}")
    return entry


def calendar(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.CALENDAR_READ | scopes.of("calendar.calendars.readonly"))
    found = access.calendar(world, request, by)
    told = {"kind": "calendar#calendar", "etag": f'"{world.version}"', "id": found.id, "summary": found.summary}
    return answer(200, told | {"timeZone": found.time_zone})


def setting(world: World, request: Request) -> Response:
    by = access.caller(world, request, scopes.CALENDAR_READ | scopes.of("calendar.settings.readonly"))
    known = {"timezone": by.person.time_zone, "weekStart": "1", "format24HourTime": "true", "locale": "en"}
    name = request.arguments["setting"]
    if name not in known:
        raise not_found()
    return answer(200, {"kind": "calendar#setting", "etag": '"0"', "id": name, "value": known[name]})


def _wanted(world: World, request: Request, person: Person, entry: Entry, least: str) -> bool:
    role = world.role(world.calendars[entry.calendar_id], person)
    if not role or ROLES.index(role) < ROLES.index(least):
        return False
    shows = request.query
    return (not entry.deleted or shows.get("showDeleted") == "true") and (
        not entry.hidden or shows.get("showHidden") == "true"
    )


def _shown(world: World, person: Person, entry: Entry) -> dict[str, Any]:
    found = world.calendars[entry.calendar_id]
    told: dict[str, Any] = {"kind": "calendar#calendarListEntry", "etag": f'"{entry.version}"', "id": found.id}
    if entry.deleted:
        return told | {"deleted": True}
    kinds = ["hangoutsMeet"] if found.meets else []
    told |= {"summary": found.summary, "timeZone": found.time_zone, "accessRole": world.role(found, person)}
    told |= {"conferenceProperties": {"allowedConferenceSolutionTypes": kinds}, "selected": True}
    told |= {"summaryOverride": entry.summary_override} if entry.summary_override else {}
    return told | ({"primary": True} if found.primary and found.owner == person.sub else {})

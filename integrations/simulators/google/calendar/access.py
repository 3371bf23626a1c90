"""Which calendar is meant, and what the caller may do with it."""

from integrations.simulators.google import access
from integrations.simulators.google.access import Caller
from integrations.simulators.google.errors import ApiError, not_found
from integrations.simulators.google.records import Calendar
from integrations.simulators.google.world import World
from integrations.simulators.http import Request

WRITERS = ("writerWithoutPrivateAccess", "writer", "owner")


def caller(world: World, request: Request, accepted: frozenset[str]) -> Caller:
    found = access.identify(world, request, accepted)
    access.count(world, found, request.method)
    if not found.person.has_calendar:
        raise ApiError(403, "notACalendarUser", "The user must be signed up for Google Calendar.", domain="calendar")
    return found


def calendar(world: World, request: Request, by: Caller) -> Calendar:
    """The one in the path. What the caller cannot see is not there."""
    named = request.arguments["calendar"]
    found = world.primary_of(by.person) if named == "primary" else world.calendars.get(named)
    if found is None or not world.role(found, by.person):
        raise not_found()
    return found


def writable(world: World, request: Request, by: Caller) -> Calendar:
    found = calendar(world, request, by)
    if world.role(found, by.person) not in WRITERS:
        raise ApiError(
            403, "requiredAccessLevel", "You need to have writer access to this calendar.", domain="calendar"
        )
    return found

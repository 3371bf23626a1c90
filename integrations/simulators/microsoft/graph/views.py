"""Events in lists: as they happen in a window, or as they are stored."""

import re

from integrations.simulators.http import Request, Response
from integrations.simulators.microsoft.errors import bad_request
from integrations.simulators.microsoft.graph import calendars, events, instances, lists, preferences, times
from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.graph.instances import Instance
from integrations.simulators.microsoft.records import Event
from integrations.simulators.microsoft.world import World

PROPERTY = re.compile(r"singleValueExtendedProperties/[Aa]ny\((\w+):\s*\1/id eq '([^']*)' and \1/value eq '([^']*)'\)")
EQUAL = re.compile(r"(transactionId|iCalUId|subject) eq '([^']*)'")


def calendar_view(world: World, request: Request, caller: Caller) -> Response:
    """Series come as their occurrences."""
    calendar, role = calendars.named(world, request, caller)
    start, end = times.window(request.query)
    wishes = preferences.of(request)
    found = [
        instance
        for event in instances.in_calendars(world, {calendar.id})
        for instance in instances.between(event, start, end)
    ]
    found.sort(key=lambda instance: (instance.start, instance.root.immutable_id))
    return lists.page(world, request, found, wishes, lambda instance: _shown(world, request, instance, role))


def listed(world: World, request: Request, caller: Caller) -> Response:
    """Single events and masters only."""
    calendar, role = calendars.named(world, request, caller)
    ids = {calendar.id}
    if "calendar_id" not in request.arguments and "/calendar/" not in request.path:
        ids = {known.id for known in world.calendars.values() if known.owner_id == calendar.owner_id}
    found = [instances.of(event) for event in _filtered(request, list(instances.in_calendars(world, ids)))]
    wishes = preferences.of(request)
    return lists.page(world, request, found, wishes, lambda instance: _shown(world, request, instance, role))


def of_series(world: World, request: Request, caller: Caller) -> Response:
    """GET …/instances."""
    instance, role = events.found(world, request, caller)
    start, end = times.window(request.query)
    wishes = preferences.of(request)
    found = list(instances.between(instance.root, start, end))
    return lists.page(world, request, found, wishes, lambda one: _shown(world, request, one, role))


def _shown(world: World, request: Request, instance: Instance, role: str) -> dict[str, object]:
    content = events.summary(world, instance, role, preferences.of(request))
    return events.expanded(request, instance, content)


def _filtered(request: Request, found: list[Event]) -> list[Event]:
    """Of OData's filters, those that a client of calendars needs."""
    wanted = request.query.get("$filter", "")
    if not wanted:
        return found
    property_, equal = PROPERTY.fullmatch(wanted), EQUAL.fullmatch(wanted)
    if property_:
        return [event for event in found if _has(event, property_[2], property_[3])]
    if equal and equal[1] == "iCalUId":
        return [event for event in found if event.uid == equal[2]]
    if equal:
        return [event for event in found if event.fields.get(equal[1]) == equal[2]]
    raise bad_request(f"The filter '{wanted}' is not understood.", "ErrorInvalidUrlQueryFilter")


def _has(event: Event, id: str, value: str) -> bool:
    properties = event.fields.get("singleValueExtendedProperties", [])
    return any(one["id"].lower() == id.lower() and one["value"] == value for one in properties)

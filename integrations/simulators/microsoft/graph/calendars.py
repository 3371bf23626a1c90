"""Calendars, their permissions, and which one a path means."""

from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft import directory
from integrations.simulators.microsoft.errors import access_denied, no_item
from integrations.simulators.microsoft.graph import access, lists, preferences, sharing
from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.records import Calendar, User
from integrations.simulators.microsoft.world import World

TEAMS = "teamsForBusiness"


def named(world: World, request: Request, caller: Caller, *, write: bool = False) -> tuple[Calendar, str]:
    """The calendar of the path and the caller's role in it. Raises GraphError."""
    owner = access.mailbox(world, request, caller, "Calendars", write=write)
    calendar = _of(world, request, owner)
    role = sharing.role(world, caller, calendar)
    if role == sharing.NONE or (role == sharing.FREE_BUSY and not world.switches.free_busy_lists):
        raise access_denied()
    if write and not sharing.can_edit(role):
        raise access_denied()
    return calendar, role


def listed(world: World, request: Request, caller: Caller) -> Response:
    owner = access.mailbox(world, request, caller, "Calendars")
    mine = [calendar for calendar in world.calendars.values() if calendar.owner_id == owner.id]
    visible = [calendar for calendar in mine if sharing.role(world, caller, calendar) != sharing.NONE]
    shared = [calendar for calendar in world.calendars.values() if owner.id in calendar.shares]
    wishes = preferences.of(request)
    return lists.page(world, request, visible + shared, wishes, lambda calendar: shown(world, caller, calendar))


def show(world: World, request: Request, caller: Caller) -> Response:
    owner = access.mailbox(world, request, caller, "Calendars")
    return answer(200, lists.selected(request, shown(world, caller, _of(world, request, owner))))


def create(world: World, request: Request, caller: Caller) -> Response:
    owner = access.mailbox(world, request, caller, "Calendars", write=True)
    calendar = directory.add_calendar(world, owner, str(request.json().get("name") or "Calendar"))
    return answer(201, shown(world, caller, calendar))


def delete(world: World, request: Request, caller: Caller) -> Response:
    owner = access.mailbox(world, request, caller, "Calendars", write=True)
    calendar = _of(world, request, owner)
    if calendar.default:
        raise access_denied()
    del world.calendars[calendar.id]
    for event in [event for event in world.events.values() if event.calendar_id == calendar.id]:
        del world.events[event.immutable_id]
    return Response(204)


def permissions(world: World, request: Request, caller: Caller) -> Response:
    """For the owner; whom it is shared with gets an empty list."""
    owner = access.mailbox(world, request, caller, "Calendars")
    calendar = _of(world, request, owner)
    mine = sharing.role(world, caller, calendar) == sharing.OWNER
    found = [_permission(world, *one) for one in calendar.shares.items()] if mine else []
    return answer(200, {"value": found})


def shown(world: World, caller: Caller, calendar: Calendar) -> dict[str, Any]:
    owner, role = world.users[calendar.owner_id], sharing.role(world, caller, calendar)
    providers = [TEAMS] if owner.teams else []
    return {
        "id": calendar.id,
        "name": calendar.name,
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": calendar.default and role == sharing.OWNER,
        "changeKey": "simulated",
        "canShare": role == sharing.OWNER,
        "canViewPrivateItems": sharing.can_see_private(role),
        "canEdit": sharing.can_edit(role),
        "allowedOnlineMeetingProviders": providers,
        "defaultOnlineMeetingProvider": TEAMS if providers else "unknown",
        "isTallyingResponses": True,
        "isRemovable": not calendar.default,
        "owner": {"name": owner.name, "address": owner.email},
    }


def _of(world: World, request: Request, owner: User) -> Calendar:
    calendar_id = request.arguments.get("calendar_id")
    if calendar_id is None:
        return directory.calendar_of(world, owner)
    calendar = world.calendars.get(calendar_id)
    if calendar is None or (calendar.owner_id != owner.id and owner.id not in calendar.shares):
        raise no_item()
    return calendar


def _permission(world: World, user_id: str, role: str) -> dict[str, Any]:
    user = world.users[user_id]
    return {
        "id": user_id,
        "role": role,
        "allowedRoles": ["freeBusyRead", "limitedRead", "read", "write"],
        "emailAddress": {"name": user.name, "address": user.email},
        "isInsideOrganization": True,
        "isRemovable": True,
    }

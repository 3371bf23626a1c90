"""getSchedule: free and busy of people's default calendars."""

from datetime import datetime, timedelta
from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft import directory
from integrations.simulators.microsoft.errors import bad_request, invalid_property
from integrations.simulators.microsoft.graph import access, instances, preferences, sharing, times
from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.graph.instances import Instance
from integrations.simulators.microsoft.graph.preferences import Preferences
from integrations.simulators.microsoft.records import Mailbox, User
from integrations.simulators.microsoft.world import World

DIGITS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4", "unknown": "2"}
WEIGHT = "04123"
"""From the lightest to the heaviest."""
MOST_DAYS, MOST_PEOPLE = 62, 20
DETAILS = (sharing.OWNER, sharing.LIMITED, sharing.READ, sharing.WRITE, sharing.DELEGATE, sharing.TRUSTED)


def get(world: World, request: Request, caller: Caller) -> Response:
    """One entry for each address; what is wrong with one stands in its entry only."""
    owner = access.mailbox(world, request, caller, "Calendars")
    if world.tenants[owner.tenant_id].personal:
        raise bad_request("The operation is not supported for personal accounts.", "ErrorNotSupported")
    body = {name.lower(): value for name, value in request.json().items()}
    start, end = times.read(body.get("starttime"), "StartTime")[0], times.read(body.get("endtime"), "EndTime")[0]
    interval = int(body.get("availabilityviewinterval") or 30)
    named = body.get("schedules") or []
    if not 5 <= interval <= 1440 or end <= start or end - start > timedelta(days=MOST_DAYS):
        raise invalid_property("The interval or the window is not valid.")
    if not 0 < len(named) <= MOST_PEOPLE:
        raise invalid_property("The number of schedules is not valid.")
    wishes = preferences.of(request)
    entries = [_entry(world, caller, name, (start, end), interval, wishes) for name in named]
    return wishes.mark(answer(200, {"value": entries}))


def _entry(
    world: World,
    caller: Caller,
    address: str,
    window: tuple[datetime, datetime],
    interval: int,
    wishes: Preferences,
) -> dict[str, Any]:
    person = world.user_of(address)
    if person is None or person.tenant_id != caller.tenant.id or person.mailbox is not Mailbox.CLOUD:
        error = {
            "message": f"The address '{address}' could not be resolved.",
            "responseCode": "ErrorMailRecipientNotFound",
        }
        return {"scheduleId": address, "error": error}
    found = _busy(world, person, window)
    return {
        "scheduleId": address,
        "availabilityView": _digits(found, window, interval),
        "scheduleItems": [_item(world, caller, person, instance, wishes) for instance in found],
    }


def _busy(world: World, person: User, window: tuple[datetime, datetime]) -> list[Instance]:
    calendar = directory.calendar_of(world, person)
    events = instances.in_calendars(world, {calendar.id})
    found = [instance for event in events for instance in instances.between(event, *window)]
    return sorted((one for one in found if not one.event.fields["isCancelled"]), key=lambda one: one.start)


def _digits(found: list[Instance], window: tuple[datetime, datetime], interval: int) -> str:
    """For each interval the heaviest of what touches it."""
    step, digits, at = timedelta(minutes=interval), "", window[0]
    while at < window[1]:
        touching = [one for one in found if instances.overlaps(one.start, one.end, at, min(at + step, window[1]))]
        states = [DIGITS[one.event.fields["showAs"]] for one in touching]
        digits += max(states, key=lambda digit: WEIGHT.index(digit), default="0")
        at += step
    return digits


def _item(world: World, caller: Caller, person: User, instance: Instance, wishes: Preferences) -> dict[str, Any]:
    role = sharing.role(world, caller, directory.calendar_of(world, person))
    hidden = sharing.hides(role, instance)
    item: dict[str, Any] = {
        "status": instance.event.fields["showAs"],
        "start": times.written(instance.start, wishes.zone),
        "end": times.written(instance.end, wishes.zone),
    }
    if role in DETAILS:
        item["isPrivate"] = instance.event.fields["sensitivity"] != "normal"
    if role in DETAILS and not hidden:
        item["subject"] = instance.event.fields["subject"]
        item["location"] = instance.event.fields["location"].get("displayName", "")
    return item

"""An event as this viewer is shown it."""

from typing import Any

from integrations.simulators.google.calendar import conferences, times
from integrations.simulators.google.records import Calendar, Event, Person
from integrations.simulators.google.world import World

BARE = ("start", "end", "recurringEventId", "originalStartTime", "iCalUID", "eventType", "transparency", "visibility")


def shown(world: World, calendar: Calendar, event: Event, viewer: Person, in_zone: str = "") -> dict[str, Any]:
    """in_zone: of the answer; the calendar's own if nothing else is asked for."""
    if event.deleted:
        return tombstone(world, event)
    conferences.settle(world, event)
    fields = _visible(world, calendar, event, viewer)
    for name in ("start", "end", "originalStartTime"):
        if name in fields:
            fields[name] = times.shown(fields[name], calendar.time_zone, in_zone or calendar.time_zone)
    frame: dict[str, Any] = {"kind": "calendar#event", "etag": etag(event), "id": event.id, "status": "confirmed"}
    frame |= {"htmlLink": f"https://www.google.com/calendar/event?eid={event.id}", "sequence": event.sequence}
    return frame | {"created": times.stamp(event.created_at), "updated": times.stamp(event.updated_at)} | fields


def tombstone(world: World, event: Event) -> dict[str, Any]:
    told = {"kind": "calendar#event", "etag": etag(event), "id": event.id, "status": "cancelled"}
    kept: tuple[str, ...] = ("recurringEventId", "originalStartTime")
    if not world.switches.minimal_tombstones:
        kept = (*kept, "summary", "start", "end", "iCalUID")
    return told | {name: event.fields[name] for name in kept if name in event.fields}


def etag(event: Event) -> str:
    return f'"{event.version * 2}000"'


def _visible(world: World, calendar: Calendar, event: Event, viewer: Person) -> dict[str, Any]:
    role, fields = world.role(calendar, viewer), dict(event.fields)
    hidden = fields.get("visibility") in ("private", "confidential") and role in (
        "reader",
        "writerWithoutPrivateAccess",
    )
    if role == "freeBusyReader" or hidden:
        return {name: fields[name] for name in BARE if name in fields}
    for name in ("organizer", "creator"):
        if name in fields:
            fields[name] = _selfed(fields[name], calendar)
    if "attendees" in fields:
        fields["attendees"] = [_selfed(one, calendar) for one in fields["attendees"]]
    return fields


def _selfed(person: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    return {**person, "self": True} if person.get("email") == calendar.id else dict(person)

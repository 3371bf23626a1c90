"""Invitations: guests on this Google have a copy of the event; their answers come back."""

import copy
from typing import Any

from integrations.simulators.google.records import Calendar, Event, Person
from integrations.simulators.google.world import World


def spread(world: World, calendar: Calendar, event: Event) -> None:
    """What the organizer did reaches the guests' own calendars."""
    if event.fields.get("organizer", {}).get("email") != calendar.id:
        _answer(world, calendar, event)
        return
    for attendee in event.fields.get("attendees", []):
        guest = world.person_of(attendee.get("email", ""))
        if guest is not None and world.primary_of(guest) is not calendar:
            _copy(world, event, guest)


def _copy(world: World, event: Event, guest: Person) -> None:
    theirs = world.primary_of(guest)
    known, fields = theirs.events.get(event.id), copy.deepcopy(event.fields)
    private = (known.fields if known else {}).get("extendedProperties", {}).get("private")
    shared = fields.pop("extendedProperties", {}).get("shared")
    properties = {name: value for name, value in (("private", private), ("shared", shared)) if value}
    fields |= {"extendedProperties": properties} if properties else {}
    made = Event(event.id, theirs.id, fields, 0, event.created_at, event.updated_at, event.deleted, event.sequence)
    touch(world, theirs, made)


def _answer(world: World, calendar: Calendar, event: Event) -> None:
    """The guest's own answer, to the organizer's copy."""
    organizer = world.calendars.get(event.fields.get("organizer", {}).get("email", ""))
    original = organizer.events.get(event.id) if organizer else None
    if organizer is None or original is None or original.deleted:
        return
    said = "declined" if event.deleted else own_answer(event.fields, calendar.id)
    for attendee in original.fields.get("attendees", []):
        if attendee.get("email") == calendar.id and attendee.get("responseStatus") != said:
            attendee["responseStatus"] = said
            touch(world, organizer, original)


def own_answer(fields: dict[str, Any], email: str) -> str:
    mine = [one.get("responseStatus", "") for one in fields.get("attendees", []) if one.get("email") == email]
    return str(mine[0]) if mine else ""


def touch(world: World, calendar: Calendar, event: Event) -> None:
    """It changed: a new etag, a place in the next increment, a word to those who watch."""
    event.version = world.next_version()
    calendar.events[event.id] = event
    world.push.tell(f"events:{calendar.id}")

"""What people and Google do besides what the app asks for."""

import copy
from datetime import timedelta
from typing import Any

from integrations.simulators.google.calendar import copies, events, fields, times
from integrations.simulators.google.identity import tokens
from integrations.simulators.google.records import Calendar, Event
from integrations.simulators.google.world import World


def expire_sync_tokens(world: World) -> None:
    for token in world.sync_tokens.values():
        token.expired = True


def toggle_pushes(world: World) -> None:
    world.push.dropped = not world.push.dropped


def revoke_everybody(world: World) -> None:
    for project, sub in list(world.grants):
        tokens.end(world, project, sub)


def make(world: World, calendar: Calendar, body: dict[str, Any]) -> Event:
    """By the person, in Google Calendar itself; `body` as the API takes it."""
    now, named = world.clock.now(), body.get("id") or world.identifier()
    own = {"creator": {"email": calendar.id}, "organizer": {"email": calendar.id}, "eventType": "default"}
    made = Event(named, calendar.id, {"iCalUID": f"{named}@google.com", **own, **body}, 0, now, now)
    made.fields.pop("id", None)
    copies.touch(world, calendar, made)
    copies.spread(world, calendar, made)
    return made


def change(world: World, calendar: Calendar, event: Event, changes: dict[str, Any]) -> Event:
    changed = copy.deepcopy(event)
    changed.fields = fields.merged(event.fields, changes)
    changed.updated_at = world.clock.now()
    copies.touch(world, calendar, changed)
    copies.spread(world, calendar, changed)
    return changed


def move(world: World, calendar: Calendar, event: Event, by: timedelta) -> Event:
    walls = {name: times.local(event.fields[name], calendar.time_zone) + by for name in ("start", "end")}
    return change(
        world,
        calendar,
        event,
        {name: times.like(event.fields[name], wall, calendar.time_zone) for name, wall in walls.items()},
    )


def delete(world: World, calendar: Calendar, event: Event) -> None:
    events.remove(world, calendar, copy.deepcopy(event))

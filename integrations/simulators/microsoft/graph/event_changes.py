"""What becomes of an event that a client writes."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from integrations.simulators.http import Request
from integrations.simulators.microsoft import store
from integrations.simulators.microsoft.errors import bad_request
from integrations.simulators.microsoft.graph import event_fields, instances, meetings, recurrence
from integrations.simulators.microsoft.graph.instances import Instance
from integrations.simulators.microsoft.records import Calendar, Event
from integrations.simulators.microsoft.world import World

CLOSE = timedelta(days=400)


def body_of(request: Request) -> dict[str, Any]:
    try:
        body = request.json()
    except ValueError as error:
        raise bad_request("Unable to read JSON request payload.", "BadRequest") from error
    if not isinstance(body, dict):
        raise bad_request("Unable to read JSON request payload.", "BadRequest")
    return body


def repeated(world: World, calendar: Calendar, body: dict[str, Any]) -> Event | None:
    """The event that an earlier request with this transactionId made."""
    wanted = body.get("transactionId")
    mine = (event for event in world.events.values() if wanted and event.owner_id == calendar.owner_id)
    return next((event for event in mine if event.fields.get("transactionId") == wanted), None)


def made(world: World, calendar: Calendar, body: dict[str, Any]) -> Event:
    fields, when = event_fields.written(body), event_fields.when(body)
    series = event_fields.series(body)
    fields["isAllDay"] = when.all_day
    if body.get("transactionId"):
        fields["transactionId"] = body["transactionId"]
    meetings.ask(world, world.users[calendar.owner_id], fields, body)
    return store.add(
        world,
        calendar,
        start=when.start,
        end=when.end,
        start_zone=when.start_zone,
        end_zone=when.end_zone,
        fields=fields,
        recurrence=series,
    )


def changed(world: World, instance: Instance, body: dict[str, Any]) -> Instance:
    """Of an occurrence: an exception of its series from now on."""
    event = instance.event if instance.type != "occurrence" else _exception(world, instance)
    before = {one["emailAddress"]["address"].lower() for one in event.fields["attendees"]}
    fields, when = event_fields.written(body, event.fields), event_fields.when(body, event)
    if instance.original_start and instance.master:
        _check_neighbours(instance.master, instance.original_start, when.start)
    meetings.ask(world, world.users[instance.root.owner_id], fields, body)
    fields["isAllDay"] = when.all_day
    event.fields, event.start, event.end = fields, when.start, when.end
    event.start_zone, event.end_zone = when.start_zone, when.end_zone
    if "recurrence" in body:
        event.recurrence = event_fields.series(body)
    if instance.original_start and instance.master:
        instance.master.exceptions[instance.original_start] = event
    store.touch(world, event, instance.root, before)
    return _after(instance, event)


def _exception(world: World, instance: Instance) -> Event:
    event = deepcopy(instance.event)
    event.recurrence, event.exceptions, event.cancelled = None, {}, set()
    event.start, event.end, event.original_start = instance.start, instance.end, instance.original_start
    return event


def _after(instance: Instance, event: Event) -> Instance:
    if instance.original_start:
        return Instance(event, event.start, event.end, "exception", instance.master, instance.original_start)
    return instances.of(event)


def _check_neighbours(master: Event, original: datetime, start: datetime) -> None:
    """An occurrence stays between the one before and the one after."""
    others = [at for at in recurrence.starts(master, original - CLOSE, original + CLOSE) if at != original]
    earlier = max((at for at in others if at < original), default=None)
    later = min((at for at in others if at > original), default=None)
    if (earlier and start <= earlier) or (later and start >= later):
        message = "Modified occurrence is crossing or overlapping adjacent occurrence."
        raise bad_request(message, "ErrorOccurrenceCrossingBoundary")

"""Meetings, as their hosts handle them in Zoom itself."""

from integrations.simulators.zoom import lifecycle, meeting_fields
from integrations.simulators.zoom.control import named
from integrations.simulators.zoom.control.named import Arguments
from integrations.simulators.zoom.world import World

MINUTES = len("2026-12-01T09:00")


def start(world: World, arguments: Arguments) -> object:
    lifecycle.start(world, named.meeting(world, arguments))
    return {}


def end(world: World, arguments: Arguments) -> object:
    lifecycle.end(world, named.meeting(world, arguments))
    return {}


def change(world: World, arguments: Arguments) -> object:
    """topic, duration, start_time, … as the API takes them; a start_time may lack its seconds."""
    body = {name: value for name, value in arguments.items() if name != "meeting"}
    if len(body.get("start_time", "")) == MINUTES:
        body["start_time"] += ":00"
    lifecycle.change(world, named.meeting(world, arguments), meeting_fields.checked(world, body))
    return {}


def delete(world: World, arguments: Arguments) -> object:
    lifecycle.delete(world, named.meeting(world, arguments))
    return {}

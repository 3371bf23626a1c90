"""Meetings that really take place."""

from datetime import timedelta
from typing import Any

from integrations.simulators.zoom import events, meeting_changes
from integrations.simulators.zoom.records import BASIC, Meeting
from integrations.simulators.zoom.world import World

BASIC_MINUTES = 40


def start(world: World, meeting: Meeting) -> None:
    meeting.started_at, meeting.ended_at = world.clock.now(), None
    meeting.limit_minutes = BASIC_MINUTES if world.users[meeting.host_id].type == BASIC else None
    events.meeting_started(world, meeting)


def end(world: World, meeting: Meeting) -> None:
    if meeting.started_at and not meeting.ended_at:
        meeting.ended_at = world.clock.now()
        events.meeting_ended(world, meeting)


def tick(world: World) -> None:
    """Ends what a Basic host may not continue."""
    with world.lock:
        for meeting in list(world.meetings.values()):
            if meeting.started_at and not meeting.ended_at and meeting.limit_minutes:
                _cut(world, meeting, timedelta(minutes=meeting.limit_minutes))


def _cut(world: World, meeting: Meeting, after: timedelta) -> None:
    assert meeting.started_at is not None
    if meeting.started_at + after <= world.clock.now():
        meeting.ended_at = meeting.started_at + after
        events.meeting_ended(world, meeting)


def change(world: World, meeting: Meeting, body: dict[str, Any]) -> None:
    """By the host, in Zoom itself; `body` as the API takes it."""
    old, new = meeting_changes.apply(world, meeting, body)
    if new:
        events.meeting_updated(world, meeting, world.users[meeting.host_id], old, new)


def delete(world: World, meeting: Meeting) -> None:
    """By the host, in Zoom itself."""
    meeting.deleted_at = world.clock.now()
    events.meeting_deleted(world, meeting, world.users[meeting.host_id])

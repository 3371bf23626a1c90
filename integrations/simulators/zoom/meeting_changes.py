"""What a change of a meeting does to it, and what Zoom tells of it."""

from typing import Any

from integrations.simulators.zoom import meeting_answers, meeting_making, times
from integrations.simulators.zoom.records import Meeting
from integrations.simulators.zoom.times import seconds
from integrations.simulators.zoom.world import World

EDITABLE = ("topic", "type", "duration", "timezone", "agenda", "password", "tracking_fields")


def apply(world: World, meeting: Meeting, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the fields that really changed were and are."""
    before, link = _snapshot(meeting), meeting_answers.join_url(meeting)
    for name in EDITABLE:
        if name in body and (name != "timezone" or body[name] in times.PUBLISHED):
            setattr(meeting, name, body[name])
    if body.get("start_time"):
        start = times.instant(body["start_time"], meeting.timezone)
        meeting.start = start if start > world.clock.now() else meeting.start
    meeting_making.apply_settings(meeting, body.get("settings", {}), world)
    after = _snapshot(meeting)
    changed = [name for name in after if after[name] != before[name]]
    old, new = {name: before[name] for name in changed}, {name: after[name] for name in changed}
    if meeting_answers.join_url(meeting) != link:
        old["join_url"], new["join_url"] = link, meeting_answers.join_url(meeting)
    return old, new


def _snapshot(meeting: Meeting) -> dict[str, Any]:
    fields = {name: getattr(meeting, name) for name in EDITABLE}
    return {**fields, "start_time": seconds(meeting.start), "settings": dict(meeting.settings)}

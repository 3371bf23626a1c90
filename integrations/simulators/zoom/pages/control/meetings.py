"""Meetings, handled as their hosts do it in Zoom itself."""

from html import escape

from integrations.simulators.http import Request
from integrations.simulators.zoom import times
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.pages.words import state_of, when
from integrations.simulators.zoom.records import Meeting
from integrations.simulators.zoom.world import World

SHOWN = 30


def section(world: World, request: Request) -> str:
    known = [
        meeting for meeting in world.meetings.values() if not meeting.deleted_at and meeting.host_id in world.users
    ]
    rows = [_row(world, request, meeting) for meeting in known[: -SHOWN - 1 : -1]]
    if not rows:
        return "<p>There is no meeting yet.</p>"
    caption = "What a host can do in Zoom, without Bridge; the newest first"
    return frame.table(caption, ["Host", "Topic", "Start", "State", "Action"], rows)


def _row(world: World, request: Request, meeting: Meeting) -> list[str]:
    return [
        escape(world.users[meeting.host_id].email),
        escape(meeting.topic),
        escape(when(meeting)),
        state_of(meeting),
        frame.folded(f"Change {meeting.topic}", _move(request, meeting) + _buttons(request, meeting)),
    ]


def _move(request: Request, meeting: Meeting) -> str:
    local = f"{meeting.start.astimezone(times.zone(meeting.timezone)):%Y-%m-%dT%H:%M}"
    number = str(meeting.id)
    start = frame.entry(f"Start ({meeting.timezone})", "start_time", local, of=number, kind="datetime-local")
    minutes = frame.entry("Minutes", "duration", str(meeting.duration), of=number, kind="number")
    action = f"{request.mount}/control/meetings/change"
    return frame.form(action, "Move", {"meeting": number}, kind="plain", more=start + minutes)


def _buttons(request: Request, meeting: Meeting) -> str:
    live = bool(meeting.started_at and not meeting.ended_at)
    verbs = {"end": "End"} if live else {"start": "Start", "delete": "Delete"}
    at, number = f"{request.mount}/control/meetings", {"meeting": str(meeting.id)}
    buttons = "".join(
        frame.form(f"{at}/{verb}", f"{label} the meeting", number, kind="danger" if verb == "delete" else "plain")
        for verb, label in verbs.items()
    )
    return f'<div class="row">{buttons}</div>'

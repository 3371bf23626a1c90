"""The list of all meetings, the pages behind join and start links, the style sheet."""

from html import escape

from integrations.simulators.http import Request, Response
from integrations.simulators.zoom import meeting_answers
from integrations.simulators.zoom.pages import frame
from integrations.simulators.zoom.pages.words import state_of, when
from integrations.simulators.zoom.records import Meeting
from integrations.simulators.zoom.world import World

CSS = (frame.HERE / "zoom.css").read_bytes()


def home(world: World, request: Request) -> Response:
    rows = [_row(world, meeting) for meeting in sorted(world.meetings.values(), key=_start)]
    heads = ["Host", "Topic", "Start", "Minutes", "State", "Link"]
    shown = frame.table("Meetings of all simulated users", heads, rows) if rows else "<p>There is no meeting yet.</p>"
    happened = "".join(f"<li>{escape(line)}</li>" for line in reversed(world.history))
    log = f"<h2>What happened</h2><ul>{happened}</ul>" if happened else ""
    return frame.render(request, "Meetings", shown + log)


def join(world: World, request: Request) -> Response:
    meeting = _by_number(world, int(request.arguments["number"]))
    if meeting is None or meeting.deleted_at:
        return frame.render(request, "This meeting does not exist", "<p>It was deleted or never existed.</p>", 404)
    if meeting.password and request.query.get("pwd") != meeting_answers.passcode_in_url(meeting):
        return frame.render(request, "Passcode needed", "<p>This link lacks the meeting's passcode.</p>", 403)
    content = f"<p>{escape(when(meeting))}</p><p>The real Zoom would open the video meeting here.</p>"
    return frame.render(request, meeting.topic, content)


def start(world: World, request: Request) -> Response:
    meeting = world.meetings.get(int(request.arguments["number"]))
    dies = meeting.start_keys.get(request.query.get("zak", "")) if meeting else None
    if meeting is None or dies is None or dies <= world.clock.now():
        return frame.render(request, "This link has expired", "<p>A host's link is good for two hours.</p>", 403)
    return frame.render(request, meeting.topic, "<p>The real Zoom would start the meeting with you as host.</p>")


def css(world: World, request: Request) -> Response:
    return Response(200, CSS, [("Content-Type", "text/css; charset=utf-8"), ("Cache-Control", "max-age=60")])


def not_found(world: World, request: Request) -> Response:
    return frame.render(request, "Page not found", "<p>The simulated Zoom has no such page.</p>", 404)


def _row(world: World, meeting: Meeting) -> list[str]:
    host, link = world.users.get(meeting.host_id), escape(meeting_answers.join_url(meeting))
    topic = escape(meeting.topic)
    return [
        escape(host.email if host else "a deleted user"),
        f'<span class="gone">{topic}</span>' if meeting.deleted_at else topic,
        escape(when(meeting)),
        str(meeting.duration),
        state_of(meeting),
        "" if meeting.deleted_at else f'<a href="{link}">Join {topic}</a>',
    ]


def _start(meeting: Meeting) -> tuple[bool, str]:
    return bool(meeting.deleted_at), meeting.start.isoformat()


def _by_number(world: World, number: int) -> Meeting | None:
    by_pmi = (meeting for meeting in world.meetings.values() if meeting.pmi == number)
    return world.meetings.get(number) or next(by_pmi, None)


ROUTES = (
    ("GET", "/", home),
    ("GET", r"/j/(?P<number>\d+)", join),
    ("GET", r"/s/(?P<number>\d+)", start),
    ("GET", "/zoom.css", css),
)

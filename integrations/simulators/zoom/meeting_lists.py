"""Lists of meetings, those that are over, and deleted ones brought back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import unquote

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.zoom import access, events, lifecycle, meeting_answers, meeting_making, meetings, paging
from integrations.simulators.zoom.access import Caller
from integrations.simulators.zoom.errors import ApiError, no_meeting
from integrations.simulators.zoom.records import Meeting, User
from integrations.simulators.zoom.world import World

HALF_A_YEAR = timedelta(days=183)
DAY = timedelta(days=1)


def listed(world: World, request: Request, caller: Caller) -> Response:
    access.need(world, caller, "meeting:read:list_meetings", "meeting:read")
    host = access.user_named(world, caller, "meeting:read:list_meetings", request.arguments["user_id"])
    kind = request.query.get("type", "scheduled")
    found = [meeting for meeting in _of(world, host) if _belongs(world, meeting, kind) and _within(meeting, request)]
    shown, envelope = paging.page_of(world, request, found, of=f"meetings {host.id} {kind}", most=300)
    return answer(200, {**envelope, "meetings": [meeting_answers.item(meeting) for meeting in shown]})


def webinars(world: World, request: Request, caller: Caller) -> Response:
    """A user needs a plan for them."""
    access.need(world, caller, "webinar:read:list_webinars", "webinar:read")
    host = access.user_named(world, caller, "webinar:read:list_webinars", request.arguments["user_id"])
    found = sorted((one for one in world.meetings.values() if one.webinar and one.host_id == host.id), key=_start)
    if not found and not host.webinar_plan:
        message = "Webinar plan is missing. You must subscribe to the webinar plan and enable webinar for this user "
        raise ApiError(400, 200, message + "in order to perform this action.")
    valid = [one for one in found if not one.deleted_at and not meeting_making.expired(world, one)]
    shown, envelope = paging.page_of(world, request, valid, of=f"webinars {host.id}", most=300)
    return answer(200, {**envelope, "webinars": [{**meeting_answers.item(one), "type": 5} for one in shown]})


def upcoming(world: World, request: Request, caller: Caller) -> Response:
    """Those of the next 24 hours."""
    access.need(world, caller, "meeting:read:list_upcoming_meetings", "meeting:read")
    host = access.user_named(world, caller, "meeting:read:list_upcoming_meetings", request.arguments["user_id"])
    soon = world.clock.now() + DAY
    found = [meeting for meeting in _of(world, host) if _belongs(world, meeting, "upcoming") and meeting.start <= soon]
    items = [meeting_answers.upcoming_item(meeting) for meeting in found]
    return answer(200, {"total_records": len(items), "meetings": items})


def past(world: World, request: Request, caller: Caller) -> Response:
    """By id or uuid. The path has been decoded once already: a uuid with a slash in a bad place needs it twice."""
    access.need(world, caller, "meeting:read:past_meeting", "meeting:read")
    named = request.arguments["uuid"]
    meeting = None if named.startswith("/") or "//" in named else _named(world, unquote(named))
    if meeting is None or meeting.ended_at is None or meeting.host_id not in world.users:
        raise no_meeting(named)
    if meeting.account_id != caller.account.id:
        raise no_meeting(named)
    if not caller.app.acts_for_account and meeting.host_id != caller.user.id:
        raise no_meeting(named)
    return answer(200, meeting_answers.past(world, meeting))


def change_status(world: World, request: Request, caller: Caller) -> Response:
    access.need(world, caller, "meeting:update:status", "meeting:write")
    try:
        action = dict(request.json()).get("action")
    except (ValueError, TypeError):
        action = None
    if action not in ("end", "recover"):
        raise ApiError(400, 300, "Invalid action.")
    meeting = meetings.find(world, caller, request.arguments["meeting_id"], deleted=action == "recover")
    if action == "end":
        lifecycle.end(world, meeting)
    else:
        meeting.deleted_at = None
        events.meeting_recovered(world, meeting, caller.user)
    return Response(204)


def _of(world: World, host: User) -> list[Meeting]:
    """Instant, deleted and expired ones are not listed."""
    found = [meeting for meeting in world.meetings.values() if meeting.host_id == host.id and meeting.type != 1]
    valid = [meeting for meeting in found if not meeting.deleted_at and not meeting_making.expired(world, meeting)]
    return sorted((meeting for meeting in valid if not meeting.webinar), key=_start)


def _start(meeting: Meeting) -> datetime:
    return meeting.start


def _belongs(world: World, meeting: Meeting, kind: str) -> bool:
    now, end = world.clock.now(), meeting.start + timedelta(minutes=meeting.duration)
    kinds: dict[str, Callable[[], bool]] = {
        "scheduled": lambda: True,
        "live": lambda: bool(meeting.started_at and not meeting.ended_at),
        "upcoming": lambda: now <= end and meeting.start <= now + HALF_A_YEAR,
        "upcoming_meetings": lambda: now <= end and meeting.start <= now + HALF_A_YEAR,
        "previous_meetings": lambda: now - HALF_A_YEAR <= end < now,
    }
    if kind not in kinds:
        raise ApiError(400, 300, "Invalid type.")
    return kinds[kind]()


def _within(meeting: Meeting, request: Request) -> bool:
    try:
        first = date.fromisoformat(request.query.get("from") or "0001-01-01")
        last = date.fromisoformat(request.query.get("to") or "9999-12-31")
    except ValueError:
        raise ApiError(400, 300, "Invalid date.") from None
    return first <= meeting.start.date() <= last


def _named(world: World, name: str) -> Meeting | None:
    by_id = world.meetings.get(int(name)) if name.isdecimal() else None
    return by_id or next((meeting for meeting in world.meetings.values() if meeting.uuid == name), None)

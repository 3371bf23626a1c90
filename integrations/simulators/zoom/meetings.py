"""Create, read, update and delete meetings."""

from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.zoom import (
    access,
    events,
    meeting_answers,
    meeting_changes,
    meeting_fields,
    meeting_making,
)
from integrations.simulators.zoom.access import Caller
from integrations.simulators.zoom.errors import ApiError, no_meeting
from integrations.simulators.zoom.records import Meeting, User
from integrations.simulators.zoom.world import World


def create(world: World, request: Request, caller: Caller) -> Response:
    access.need(world, caller, "meeting:write:meeting", "meeting:write")
    host = access.user_named(world, caller, "meeting:write:meeting", request.arguments["user_id"])
    world.limits.count_for_host(host)
    body = meeting_fields.read(world, request)
    host, assistant = _scheduled_for(world, caller, host, body)
    may_host(host)
    meeting = meeting_making.make(world, host, body, request.base_url)
    meeting.assistant_id = assistant
    world.meetings[meeting.id] = meeting
    events.meeting_created(world, meeting, caller.user, meeting_answers.join_url(meeting))
    return answer(201, meeting_answers.full(world, meeting))


def show(world: World, request: Request, caller: Caller) -> Response:
    access.need(world, caller, "meeting:read:meeting", "meeting:read")
    return answer(200, meeting_answers.full(world, find(world, caller, request.arguments["meeting_id"])))


def update(world: World, request: Request, caller: Caller) -> Response:
    access.need(world, caller, "meeting:update:meeting", "meeting:write")
    meeting = find(world, caller, request.arguments["meeting_id"])
    world.limits.count_for_host(world.users[meeting.host_id])
    body = meeting_fields.read(world, request)
    if "schedule_for" in body:
        raise ApiError(400, 3000, f"You cannot schedule a meeting for {body['schedule_for']}")
    old, new = meeting_changes.apply(world, meeting, body)
    events.meeting_updated(world, meeting, caller.user, old, new)
    return Response(204)


def delete(world: World, request: Request, caller: Caller) -> Response:
    access.need(world, caller, "meeting:delete:meeting", "meeting:write")
    meeting = find(world, caller, request.arguments["meeting_id"])
    if meeting.started_at and not meeting.ended_at:
        raise ApiError(400, 3002, "Sorry, you cannot delete this meeting since it's in progress.")
    meeting.deleted_at = world.clock.now()
    events.meeting_deleted(world, meeting, caller.user)
    return Response(204)


def find(world: World, caller: Caller, meeting_id: str, *, deleted: bool = False) -> Meeting:
    """The meeting, if this caller may touch it. Raises ApiError; another user's looks like none by default."""
    meeting = world.meetings.get(int(meeting_id)) if meeting_id.isdecimal() else None
    if meeting is None or meeting.account_id != caller.account.id or meeting_making.expired(world, meeting):
        raise no_meeting(meeting_id)
    if not caller.app.acts_for_account and meeting.host_id != caller.user.id:
        raise _foreign(world, meeting_id)
    if meeting.host_id not in world.users or bool(meeting.deleted_at) != deleted:
        raise no_meeting(meeting_id)
    if meeting.webinar:
        raise ApiError(400, 3000, "Cannot access webinar info.")
    return meeting


def may_host(host: User) -> None:
    if host.type not in (1, 2) or host.status != "active":
        raise ApiError(400, 3161, "Your user account is not allowed meeting hosting and scheduling capabilities.")


def _foreign(world: World, meeting_id: str) -> ApiError:
    status, code = world.switches.foreign_meeting
    if code == 3001:
        return no_meeting(meeting_id)
    return ApiError(status, code, "You are not the meeting host.")


def _scheduled_for(world: World, caller: Caller, host: User, body: dict[str, Any]) -> tuple[User, str]:
    """The host, and the assistant's id if somebody else schedules for him by privilege."""
    named = body.get("schedule_for")
    if not named or world.user_of(named, host.account_id) is host:
        return host, ""
    found = world.user_of(named, host.account_id)
    licensed = found is not None and found.type == host.type == 2
    if found is None or not licensed or host.id not in found.schedulers or body.get("type") == 1:
        raise ApiError(400, 3000, f"You cannot schedule a meeting for {named}")
    return found, host.id

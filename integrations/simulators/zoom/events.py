"""What Zoom tells apps, as payloads. Who hears them and how they travel is the matter of webhooks."""

import uuid
from typing import Any

from integrations.simulators.zoom.records import Event, Grant, Meeting, User
from integrations.simulators.zoom.times import milliseconds, seconds
from integrations.simulators.zoom.world import World

KEPT = ("topic", "type", "duration", "timezone")


def app_deauthorized(world: World, grant: Grant) -> None:
    user, now = world.users[grant.user_id], world.clock.now()
    payload = {
        "account_id": user.account_id,
        "user_id": user.id,
        "signature": uuid.uuid4().hex,
        "deauthorization_time": now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z",
        "client_id": grant.client_id,
    }
    world.publish(Event("app_deauthorized", user.account_id, user.id, payload, grant.client_id))


def meeting_created(world: World, meeting: Meeting, operator: User, join_url: str) -> None:
    more = {"join_url": join_url, "password": meeting.password, "settings": dict(meeting.settings)}
    _meeting(world, "meeting.created", meeting, operator, {**_described(meeting), **more})


def meeting_deleted(world: World, meeting: Meeting, operator: User) -> None:
    _meeting(world, "meeting.deleted", meeting, operator, _described(meeting))


def meeting_recovered(world: World, meeting: Meeting, operator: User) -> None:
    _meeting(world, "meeting.recovered", meeting, operator, _described(meeting))


def meeting_updated(world: World, meeting: Meeting, operator: User, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Only what changed, before and after."""
    payload = {
        **_by(meeting, operator),
        "scope": "all",
        "object": {"id": meeting.id, **new},
        "old_object": {"id": meeting.id, **old},
        "time_stamp": milliseconds(world.clock.now()),
    }
    world.publish(Event("meeting.updated", meeting.account_id, meeting.host_id, payload))


def meeting_started(world: World, meeting: Meeting) -> None:
    _live(world, "meeting.started", meeting, {})


def meeting_ended(world: World, meeting: Meeting) -> None:
    assert meeting.ended_at is not None
    _live(world, "meeting.ended", meeting, {"end_time": seconds(meeting.ended_at)})


def user_event(world: World, name: str, user: User, operator: User) -> None:
    """user.activated, user.deactivated, user.deleted, user.disassociated."""
    described = {"id": user.id, "first_name": user.first_name, "last_name": user.last_name, "email": user.email}
    payload = {
        "account_id": user.account_id,
        "operator": operator.email,
        "operator_id": operator.id,
        "object": {**described, "type": user.type},
    }
    world.publish(Event(name, user.account_id, user.id, payload))


def user_updated(world: World, user: User, old: dict[str, Any], new: dict[str, Any]) -> None:
    payload = {
        "account_id": user.account_id,
        "object": {"id": user.id, **new},
        "old_object": {"id": user.id, **old},
        "time_stamp": milliseconds(world.clock.now()),
    }
    world.publish(Event("user.updated", user.account_id, user.id, payload))


def _meeting(world: World, name: str, meeting: Meeting, operator: User, described: dict[str, Any]) -> None:
    payload = {**_by(meeting, operator), "operation": "all", "object": described}
    world.publish(Event(name, meeting.account_id, meeting.host_id, payload))


def _live(world: World, name: str, meeting: Meeting, more: dict[str, Any]) -> None:
    """Here the id is a string, and start_time is the moment it really began."""
    started = meeting.started_at or meeting.start
    described = {**_described(meeting), "id": str(meeting.id), "start_time": seconds(started), **more}
    payload = {"account_id": meeting.account_id, "object": described}
    world.publish(Event(name, meeting.account_id, meeting.host_id, payload))


def _by(meeting: Meeting, operator: User) -> dict[str, Any]:
    return {"account_id": meeting.account_id, "operator": operator.email, "operator_id": operator.id}


def _described(meeting: Meeting) -> dict[str, Any]:
    kept = {name: getattr(meeting, name) for name in KEPT}
    start = seconds(meeting.start)
    return {"uuid": meeting.uuid, "id": meeting.id, "host_id": meeting.host_id, "start_time": start, **kept}

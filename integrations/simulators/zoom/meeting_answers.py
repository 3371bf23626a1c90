"""A meeting as the API shows it."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from integrations.simulators.zoom.records import Meeting
from integrations.simulators.zoom.times import seconds
from integrations.simulators.zoom.world import World

START_URL_LIFE = timedelta(hours=2)
AGENDA_IN_LISTS = 250


def full(world: World, meeting: Meeting) -> dict[str, Any]:
    """Answer of POST and GET. Each has a start_url of its own."""
    content = {
        **_common(meeting),
        "agenda": meeting.agenda,
        "host_email": world.users[meeting.host_id].email,
        "status": "started" if meeting.started_at and not meeting.ended_at else "waiting",
        "start_url": start_url(world, meeting),
        "password": meeting.password,
        "encrypted_password": passcode_in_url(meeting),
        "h323_password": meeting.password,
        "pstn_password": meeting.password,
        "settings": dict(meeting.settings),
        "pre_schedule": False,
        "creation_source": "open_api",
    }
    return content | _sometimes(meeting)


def item(meeting: Meeting) -> dict[str, Any]:
    """In lists: without passcode and settings, the agenda cut."""
    return {**_common(meeting), "agenda": meeting.agenda[:AGENDA_IN_LISTS]}


def upcoming_item(meeting: Meeting) -> dict[str, Any]:
    names = ("id", "topic", "type", "start_time", "duration", "timezone", "created_at", "join_url")
    shown = {name: value for name, value in _common(meeting).items() if name in names}
    return {**shown, "passcode": meeting.password, "use_pmi": meeting.pmi is not None, "is_host": True}


def past(world: World, meeting: Meeting) -> dict[str, Any]:
    assert meeting.started_at is not None
    assert meeting.ended_at is not None
    host, minutes = world.users[meeting.host_id], (meeting.ended_at - meeting.started_at) // timedelta(minutes=1)
    return {
        "id": meeting.id,
        "uuid": meeting.uuid,
        "host_id": host.id,
        "user_email": host.email,
        "user_name": host.display_name,
        "topic": meeting.topic,
        "type": meeting.type if meeting.type in (1, 2, 3, 8) else 2,
        "start_time": seconds(meeting.started_at),
        "end_time": seconds(meeting.ended_at),
        "duration": minutes,
        "total_minutes": minutes,
        "participants_count": 1,
        "source": "open_api",
    }


def join_url(meeting: Meeting) -> str:
    passcode = f"?pwd={passcode_in_url(meeting)}" if meeting.password else ""
    return f"{meeting.base_url}/j/{meeting.pmi or meeting.id}{passcode}"


def passcode_in_url(meeting: Meeting) -> str:
    return hashlib.sha256(f"{meeting.id} {meeting.password}".encode()).hexdigest()[:32] + ".1"


def start_url(world: World, meeting: Meeting) -> str:
    """A new one each time, good for two hours."""
    key = secrets.token_urlsafe(24)
    meeting.start_keys[key] = world.clock.now() + START_URL_LIFE
    return f"{meeting.base_url}/s/{meeting.id}?zak={key}"


def _common(meeting: Meeting) -> dict[str, Any]:
    content: dict[str, Any] = {
        "uuid": meeting.uuid,
        "id": meeting.id,
        "host_id": meeting.host_id,
        "topic": meeting.topic,
        "type": meeting.type,
        "duration": meeting.duration,
        "timezone": meeting.timezone,
        "created_at": seconds(meeting.created_at),
        "join_url": join_url(meeting),
    }
    if meeting.type not in (1, 3):
        content["start_time"] = seconds(meeting.start)
    return content


def _sometimes(meeting: Meeting) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if meeting.assistant_id:
        content["assistant_id"] = meeting.assistant_id
    if meeting.pmi is not None:
        content["pmi"] = str(meeting.pmi)
    if meeting.tracking_fields:
        content["tracking_fields"] = meeting.tracking_fields
    return content

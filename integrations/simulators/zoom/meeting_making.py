"""How a meeting comes into being: ids, times, passcode, and the settings Zoom changes on its own account."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.simulators.zoom import meeting_fields, times
from integrations.simulators.zoom.records import Meeting, User
from integrations.simulators.zoom.world import World

EXPIRES_AFTER = timedelta(days=30)
LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


def make(world: World, host: User, body: dict[str, Any], base_url: str) -> Meeting:
    meeting = Meeting(
        id=_id(world),
        uuid=_uuid(world),
        host_id=host.id,
        account_id=host.account_id,
        created_at=world.clock.now(),
        start=_start(world, host, body),
        base_url=base_url,
        topic=body.get("topic") or "Zoom Meeting",
        type=body.get("type", 2),
        duration=body.get("duration", 60),
        timezone=_time_zone(body.get("timezone"), host),
        agenda=body.get("agenda", ""),
        password=_password(world, body),
        tracking_fields=body.get("tracking_fields", []),
    )
    asked = body.get("settings", {})
    apply_settings(meeting, {**meeting_fields.DEFAULTS, "use_pmi": host.use_pmi, **asked}, world)
    return meeting


def apply_settings(meeting: Meeting, asked: dict[str, Any], world: World) -> None:
    """What was asked for, less what contradicts itself, plus what the account insists on."""
    settings = {**meeting.settings, **asked}
    secured = meeting.password or settings["waiting_room"] or settings["meeting_authentication"]
    if not secured and world.accounts[meeting.account_id].security_locked:
        settings["waiting_room"] = True
    if settings["waiting_room"]:
        settings["join_before_host"] = False
    meeting.settings = settings
    meeting.pmi = world.users[meeting.host_id].pmi if settings["use_pmi"] else None


def expired(world: World, meeting: Meeting) -> bool:
    """Recurring meetings without a fixed time are left out: they live on from use to use."""
    return meeting.type != 3 and meeting.start + EXPIRES_AFTER < world.clock.now()


def _start(world: World, host: User, body: dict[str, Any]) -> datetime:
    """Now, if the time is missing or past: Zoom says nothing and does so."""
    now = world.clock.now().replace(microsecond=0)
    text = body.get("start_time")
    if not text or body.get("type") == 1:
        return now
    return max(times.instant(text, _time_zone(body.get("timezone"), host)), now).astimezone(UTC)


def _time_zone(asked: str | None, host: User) -> str:
    return asked if asked in times.PUBLISHED else host.timezone


def _password(world: World, body: dict[str, Any]) -> str:
    if body.get("password"):
        return str(body["password"])
    return "".join(world.chance.choices(LETTERS, k=6)) if body.get("default_password", True) else ""


def _id(world: World) -> int:
    """Eleven digits, more than 32 bits hold."""
    while (found := world.chance.randrange(80_000_000_000, 90_000_000_000)) in world.meetings:
        continue
    return found


def _uuid(world: World) -> str:
    """Of four, one starts with a slash and one has two in a row."""
    text = base64.b64encode(world.chance.randbytes(16)).decode().replace("/", "+")
    match len(world.meetings) % 4:
        case 1:
            return "/" + text[1:]
        case 3:
            return text[:8] + "//" + text[10:]
    return text

"""What a meeting may be asked to be: the checks of create and update."""

from typing import Any

from integrations.simulators.http import Request
from integrations.simulators.zoom import times
from integrations.simulators.zoom.errors import ApiError, invalid
from integrations.simulators.zoom.world import World

LONGEST = {"topic": 200, "agenda": 2000, "password": 10}
TYPES = (1, 2, 3, 8, 10)
ONE_OF: dict[str, tuple[object, ...]] = {
    "approval_type": (0, 1, 2),
    "audio": ("both", "telephony", "voip", "thirdParty"),
    "auto_recording": ("local", "cloud", "none"),
    "jbh_time": (0, 5, 10, 15),
}
SWITCHES = (
    "alternative_hosts_email_notification",
    "email_notification",
    "host_video",
    "join_before_host",
    "meeting_authentication",
    "mute_upon_entry",
    "participant_video",
    "private_meeting",
    "push_change_to_calendar",
    "registrants_confirmation_email",
    "registrants_email_notification",
    "use_pmi",
    "waiting_room",
)
DEFAULTS: dict[str, Any] = {
    "host_video": False,
    "participant_video": False,
    "join_before_host": False,
    "jbh_time": 0,
    "mute_upon_entry": False,
    "use_pmi": False,
    "approval_type": 2,
    "audio": "both",
    "auto_recording": "none",
    "alternative_hosts": "",
    "alternative_hosts_email_notification": True,
    "email_notification": True,
    "waiting_room": False,
    "meeting_authentication": False,
    "private_meeting": False,
}


def read(world: World, request: Request) -> dict[str, Any]:
    """The JSON body, in order. Raises ApiError 300."""
    try:
        body = request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ApiError(400, 300, "Request Body should be a valid JSON object.")
    return checked(world, body)


def checked(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Raises ApiError 300, naming every field that is not in order."""
    wrong = [*_wrong(world, body), *_wrong_settings(body.get("settings", {}))]
    if wrong:
        raise invalid(wrong)
    return body


def _wrong(world: World, body: dict[str, Any]) -> list[str]:
    wrong = [name for name, most in LONGEST.items() if name in body and not _text(body[name], most)]
    if body.get("type", 2) not in TYPES:
        wrong.append("type")
    if not _whole(body.get("duration", 60), 1, 1440):
        wrong.append("duration")
    if not _start_time(body.get("start_time", "")):
        wrong.append("start_time")
    if not _time_zone(world, body.get("timezone", "UTC")):
        wrong.append("timezone")
    return wrong


def _wrong_settings(settings: object) -> list[str]:
    if not isinstance(settings, dict):
        return ["settings"]
    choices = [name for name, known in ONE_OF.items() if name in settings and not _among(settings[name], known)]
    switches = [name for name in SWITCHES if not isinstance(settings.get(name, False), bool)]
    return [f"settings.{name}" for name in (*choices, *switches)]


def _text(value: object, most: int) -> bool:
    return isinstance(value, str) and len(value) <= most


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _among(value: object, known: tuple[object, ...]) -> bool:
    return not isinstance(value, bool) and value in known


def _start_time(value: object) -> bool:
    if value == "":
        return True
    try:
        return isinstance(value, str) and bool(times.instant(value, "UTC"))
    except ValueError:
        return False


def _time_zone(world: World, value: object) -> bool:
    unlisted = world.switches.unlisted_time_zone == "ignore"
    return isinstance(value, str) and (unlisted or value in times.PUBLISHED)

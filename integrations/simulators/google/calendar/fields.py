"""What may be written into an event."""

import re
from datetime import date, datetime
from typing import Any

from integrations.simulators.google.calendar import times
from integrations.simulators.google.errors import ApiError, invalid
from integrations.simulators.google.records import Calendar

ID = re.compile(r"[a-v0-9]{5,1024}")
READ_ONLY = {
    "kind",
    "etag",
    "id",
    "htmlLink",
    "created",
    "updated",
    "creator",
    "organizer",
    "sequence",
    "iCalUID",
    "recurringEventId",
    "originalStartTime",
    "hangoutLink",
    "locked",
    "privateCopy",
    "conferenceData",
}
SPECIAL = ("outOfOffice", "focusTime", "workingLocation")


def check_id(named: str) -> None:
    if not ID.fullmatch(named):
        raise invalid("Invalid resource id value.")


def writable(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in READ_ONLY}


def merged(old: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """As a patch does it: arrays whole, objects by key, null removes."""
    result = dict(old)
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict) and name not in ("start", "end"):
            result[name] = merged(result.get(name, {}), value)
        elif name in ("start", "end") and isinstance(value, dict):
            result[name] = {key: part for key, part in value.items() if part is not None}
        else:
            result[name] = value
    return result


def check(calendar: Calendar, fields: dict[str, Any]) -> None:
    """Raises ApiError."""
    start, end = fields.get("start"), fields.get("end")
    if not start or not end:
        raise ApiError(400, "required", f"Missing {'end' if start else 'start'} time.")
    if ("date" in start) != ("date" in end) or not {"date", "dateTime"} & {*start} & {*end}:
        raise invalid("Invalid start time.")
    try:
        _readable(start), _readable(end)
    except (ValueError, TypeError) as error:
        raise invalid("Invalid value.") from error
    if times.instant(end, calendar.time_zone) <= times.instant(start, calendar.time_zone):
        raise ApiError(400, "timeRangeEmpty", "The specified time range is empty.", domain="calendar")
    if fields.get("recurrence") and "dateTime" in start and not start.get("timeZone"):
        raise ApiError(400, "required", "Missing time zone definition for start time.")
    _check_type(calendar, fields)


def _readable(moment: dict[str, Any]) -> date:
    if "date" in moment:
        return date.fromisoformat(moment["date"])
    times.zone(moment.get("timeZone") or "UTC")
    return datetime.fromisoformat(moment["dateTime"])


def _check_type(calendar: Calendar, fields: dict[str, Any]) -> None:
    kind = fields.get("eventType", "default")
    if kind == "fromGmail":
        raise invalid("Event type cannot be fromGmail.")
    if kind in SPECIAL and not calendar.primary:
        raise invalid("Event type is only allowed on the primary calendar.")
    if kind in ("outOfOffice", "focusTime") and (
        "date" in fields["start"] or fields.get("transparency") == "transparent"
    ):
        raise invalid("An event of this type must be timed and opaque.")
    if kind == "workingLocation" and fields.get("transparency") != "transparent":
        raise ApiError(400, "malformedWorkingLocationEvent", "A working location must be transparent.")

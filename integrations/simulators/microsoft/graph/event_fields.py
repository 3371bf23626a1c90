"""What a client may write into an event, and what it may not."""

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.simulators.microsoft.errors import bad_request, invalid_property
from integrations.simulators.microsoft.graph import recurrence, times, zones
from integrations.simulators.microsoft.records import Event

CHOICES = {
    "showAs": ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    "sensitivity": ("normal", "personal", "private", "confidential"),
    "importance": ("low", "normal", "high"),
}
DEFAULTS: dict[str, Any] = {
    "subject": "",
    "body": {"contentType": "html", "content": ""},
    "importance": "normal",
    "sensitivity": "normal",
    "showAs": "busy",
    "isAllDay": False,
    "isCancelled": False,
    "isDraft": False,
    "hasAttachments": False,
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "responseRequested": True,
    "allowNewTimeProposals": True,
    "hideAttendees": False,
    "attendees": [],
    "categories": [],
    "location": {"displayName": "", "locationType": "default"},
    "locations": [],
    "isOnlineMeeting": False,
    "onlineMeetingProvider": "unknown",
    "onlineMeeting": None,
    "onlineMeetingUrl": None,
    "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
}
WRITABLE = {
    "subject",
    "body",
    "importance",
    "sensitivity",
    "showAs",
    "isReminderOn",
    "reminderMinutesBeforeStart",
    "responseRequested",
    "allowNewTimeProposals",
    "hideAttendees",
    "attendees",
    "categories",
    "location",
    "locations",
    "singleValueExtendedProperties",
}
ELSEWHERE = {"start", "end", "isAllDay", "recurrence", "isOnlineMeeting", "onlineMeetingProvider", "transactionId"}


@dataclass(frozen=True)
class When:
    start: datetime
    end: datetime
    start_zone: str
    end_zone: str
    all_day: bool


def written(body: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The fields after this request. Raises GraphError for what Graph does not know."""
    for name in body:
        if name not in WRITABLE | ELSEWHERE and not name.startswith("@odata."):
            _refuse(name)
    fields = copy.deepcopy(DEFAULTS if before is None else before)
    fields.update({name: _checked(name, value) for name, value in body.items() if name in WRITABLE})
    if "location" in body:
        fields["location"] = {"locationType": "default", **(body["location"] or {"displayName": ""})}
        fields["locations"] = [fields["location"]] if fields["location"].get("displayName") else []
    return fields


def when(body: dict[str, Any], before: Event | None = None) -> When:
    """Raises GraphError: an end before its start, or a day that does not begin at midnight."""
    start, start_zone = _end_of(body, "start", (before.start, before.start_zone) if before else None)
    end, end_zone = _end_of(body, "end", (before.end, before.end_zone) if before else None)
    all_day = bool(body.get("isAllDay", before.fields["isAllDay"] if before else False))
    if end < start:
        raise bad_request("The end date and time must be after the start date and time.", "ErrorInvalidPropertySet")
    if all_day:
        _check_days(start, end, start_zone, end_zone)
    return When(start, end, start_zone, end_zone, all_day)


def series(body: dict[str, Any]) -> dict[str, Any] | None:
    found = body.get("recurrence")
    if found:
        recurrence.check(found)
    return found or None


def attendees(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    nothing = {"response": "none", "time": "0001-01-01T00:00:00Z"}
    return [
        {"type": one.get("type", "required"), "status": one.get("status") or nothing, "emailAddress": _address(one)}
        for one in given
    ]


def _checked(name: str, value: Any) -> Any:
    if name in CHOICES and value not in CHOICES[name]:
        raise invalid_property(f"The value '{value}' of '{name}' is not known.")
    if name == "attendees":
        return attendees(value or [])
    if name == "body" and (not isinstance(value, dict) or value.get("contentType", "").lower() not in ("html", "text")):
        raise invalid_property("The body is not valid.")
    return value


def _address(attendee: dict[str, Any]) -> dict[str, str]:
    found = attendee.get("emailAddress") or {}
    if "@" not in found.get("address", ""):
        raise invalid_property("At least one recipient is not valid.")
    return {"name": found.get("name") or found["address"], "address": found["address"]}


def _end_of(body: dict[str, Any], name: str, before: tuple[datetime, str] | None) -> tuple[datetime, str]:
    return before if before and name not in body else times.read(body.get(name), name)


def _check_days(start: datetime, end: datetime, start_zone: str, end_zone: str) -> None:
    locals_ = [at.astimezone(zones.named(start_zone)) for at in (start, end)]
    if start_zone != end_zone or any(at.hour or at.minute for at in locals_) or start == end:
        message = "The Event.Start and Event.End properties of an all-day event must be at midnight in the same zone."
        raise bad_request(message, "ErrorInvalidPropertySet")


def _refuse(name: str) -> None:
    raise bad_request(f"The property '{name}' does not exist on type 'microsoft.graph.event'.", "RequestBodyRead")

"""Google's events as ours."""

from datetime import date, datetime
from typing import Any

from integrations.exceptions import ProviderUnavailable
from integrations.types import Event, EventKind, Response, ShowsAs

MARK = "bridge"
"""The extended property of this copy alone that holds our reference."""

_KINDS = {
    "outOfOffice": EventKind.OUT_OF_OFFICE,
    "focusTime": EventKind.FOCUS_TIME,
    "workingLocation": EventKind.WORKING_LOCATION,
    "birthday": EventKind.BIRTHDAY,
}
_RESPONSES = {
    "needsAction": Response.NEEDS_ACTION,
    "accepted": Response.ACCEPTED,
    "tentative": Response.TENTATIVE,
    "declined": Response.DECLINED,
}


def event(item: dict[str, Any]) -> Event:
    """Hidden details are absent, and so is what was never set."""
    try:
        start, end = _moment(item["start"]), _moment(item["end"])
    except (KeyError, TypeError, ValueError) as error:
        raise ProviderUnavailable("An event of Google’s cannot be read.") from error
    people = [one for one in item.get("attendees") or () if isinstance(one, dict)]
    organizer = item.get("organizer") or {}
    return Event(
        external_id=str(item["id"]),
        start=start,
        end=end,
        title=str(item.get("summary") or ""),
        series_id=str(item.get("recurringEventId") or ""),
        uid=str(item.get("iCalUID") or ""),
        etag=str(item.get("etag") or ""),
        time_zone=str(item["start"].get("timeZone") or ""),
        location=str(item.get("location") or ""),
        description=str(item.get("description") or ""),
        join_url=join_url(item),
        web_url=str(item.get("htmlLink") or ""),
        organizer=str(organizer.get("email") or ""),
        is_organizer=bool(organizer.get("self", not organizer)),
        attendees=tuple(str(one["email"]) for one in people if one.get("email")),
        is_private=item.get("visibility") in ("private", "confidential"),
        shows_as=_shows_as(item),
        response=_response(people),
        kind=_KINDS.get(str(item.get("eventType")), EventKind.DEFAULT),
        is_cancelled=is_cancelled(item),
        is_tentative=item.get("status") == "tentative",
        can_write=_can_write(item, organizer),
        reference=reference(item),
    )


def is_cancelled(item: dict[str, Any]) -> bool:
    return item.get("status") == "cancelled"


def reference(item: dict[str, Any]) -> str:
    private = (item.get("extendedProperties") or {}).get("private") or {}
    return str(private.get(MARK) or "")


def join_url(item: dict[str, Any]) -> str:
    """Of the video meeting that hangs on the event, whoever's it is."""
    points = (item.get("conferenceData") or {}).get("entryPoints") or ()
    videos = (str(one.get("uri") or "") for one in points if one.get("entryPointType") == "video")
    found = next(videos, "") or str(item.get("hangoutLink") or "")
    return found if found.startswith(("https://", "http://")) else ""


def _moment(told: dict[str, Any]) -> datetime | date:
    if told.get("dateTime"):
        return datetime.fromisoformat(told["dateTime"])
    return date.fromisoformat(told["date"])


def _shows_as(item: dict[str, Any]) -> ShowsAs:
    """https://developers.google.com/workspace/calendar/api/guides/calendar-status"""
    if item.get("eventType") == "outOfOffice":
        return ShowsAs.OUT_OF_OFFICE
    if item.get("eventType") == "workingLocation":
        return ShowsAs.ELSEWHERE
    return ShowsAs.FREE if item.get("transparency") == "transparent" else ShowsAs.BUSY


def _response(people: list[dict[str, Any]]) -> Response:
    own = next((one for one in people if one.get("self")), {})
    return _RESPONSES.get(str(own.get("responseStatus")), Response.NONE)


def _can_write(item: dict[str, Any], organizer: dict[str, Any]) -> bool:
    owns = bool(organizer.get("self")) or bool(item.get("guestsCanModify"))
    return owns and not item.get("locked") and item.get("eventType", "default") == "default"

"""Our events as Google's. The id is ours, so that the same reference twice makes one event."""

import base64
import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrations.providers.google.reading import MARK
from integrations.types import EventRequest

TITLE, TEXT = 1000, 8000
_CONTROLS = dict.fromkeys(set(range(32)) - {9, 10, 13})


def identifier(calendar_id: str, reference: str, generation: int) -> str:
    """In Google's alphabet, a to v and digits. Deleted ids stay taken for ever: then the next generation comes.

    https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
    """
    digest = hashlib.sha256(f"{calendar_id}\n{reference}\n{generation}".encode()).digest()
    return base64.b32hexencode(digest).decode().rstrip("=").lower()


def new(request: EventRequest, named: str) -> dict[str, Any]:
    body = changes(request, fresh=True) | {"id": named}
    if request.reference:
        body["extendedProperties"] = {"private": {MARK: request.reference}}
    if request.meeting:
        wanted = {"requestId": named, "conferenceSolutionKey": {"type": "hangoutsMeet"}}
        body["conferenceData"] = {"createRequest": wanted}
    return body


def changes(request: EventRequest, *, fresh: bool = False) -> dict[str, Any]:
    """What a patch says; a null takes the other kind of time away."""
    return {
        "summary": request.title.translate(_CONTROLS)[:TITLE],
        "start": _moment(request, "start", fresh=fresh),
        "end": _moment(request, "end", fresh=fresh),
        "description": request.description.translate(_CONTROLS)[:TEXT],
        "location": request.location.translate(_CONTROLS)[:TITLE],
        "visibility": "private" if request.is_private else "default",
    }


def _moment(request: EventRequest, name: str, *, fresh: bool) -> dict[str, Any]:
    at = getattr(request, name)
    if not isinstance(at, datetime):
        told = {"date": at.isoformat(), "dateTime": None, "timeZone": None}
    else:
        wall = at.astimezone(ZoneInfo(request.time_zone)).isoformat()
        told = {"dateTime": wall, "timeZone": request.time_zone, "date": None}
    return {key: value for key, value in told.items() if value is not None or not fresh}

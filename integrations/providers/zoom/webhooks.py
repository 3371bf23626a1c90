"""What Zoom tells us unasked: whether it is Zoom, and what it says in our words.

https://developers.zoom.us/docs/api/webhooks/
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

from integrations.types import App, Report

OLDEST, NEWEST = timedelta(hours=2), timedelta(minutes=5)
"""Zoom tries for 85 minutes, and does not say whether later tries bear a new time; a replay is known by its body."""

MEETING = {
    "meeting.updated": "meeting_changed",
    "meeting.deleted": "meeting_changed",
    "meeting.permanently_deleted": "meeting_changed",
    "meeting.recovered": "meeting_changed",
    "meeting.started": "meeting_started",
    "meeting.ended": "meeting_ended",
}
USER = {"user.updated", "user.activated", "user.deactivated", "user.deleted", "user.disassociated"}


class Webhooks:
    def is_genuine(self, app: App, headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
        stamp, signature = headers.get("x-zm-request-timestamp", ""), headers.get("x-zm-signature", "")
        sent_at = _moment(stamp)
        if sent_at is None or not at - OLDEST <= sent_at <= at + NEWEST:
            return False
        expected = "v0=" + _hmac(app, b"v0:" + stamp.encode() + b":" + body)
        return hmac.compare_digest(expected.encode(), signature.encode())

    def proof(self, app: App, content: Mapping[str, Any]) -> dict[str, str] | None:
        token = _inner(content, "payload").get("plainToken")
        if content.get("event") != "endpoint.url_validation" or not isinstance(token, str):
            return None
        return {"plainToken": token, "encryptedToken": _hmac(app, token.encode())}

    def event(self, content: Mapping[str, Any]) -> str:
        return str(content.get("event") or "")

    def reports(self, content: Mapping[str, Any]) -> list[Report]:
        event, payload = self.event(content), _inner(content, "payload")
        if event == "app_deauthorized":
            return [_deauthorized(content, payload)]
        if event in MEETING:
            return [_meeting(MEETING[event], content, payload)]
        return [_user(content, payload)] if event in USER else []


def _deauthorized(content: Mapping[str, Any], payload: Mapping[str, Any]) -> Report:
    at = _moment(payload.get("deauthorization_time")) or _sent(content, payload)
    return Report("deauthorized", _text(payload, "account_id"), user_id=_text(payload, "user_id"), at=at)


def _meeting(kind: str, content: Mapping[str, Any], payload: Mapping[str, Any]) -> Report:
    """The id is a number in some events and text in others."""
    told = _inner(payload, "object")
    real = {"meeting_started": "start_time", "meeting_ended": "end_time"}.get(kind, "")
    at = _moment(told.get(real)) or _sent(content, payload)
    return Report(kind, _text(payload, "account_id"), user_id=_text(told, "host_id"), about=_text(told, "id"), at=at)


def _user(content: Mapping[str, Any], payload: Mapping[str, Any]) -> Report:
    told = _inner(payload, "object")
    user, email = _text(told, "id"), _text(told, "email")
    return Report("user", _text(payload, "account_id"), user, about=user, email=email, at=_sent(content, payload))


def _sent(content: Mapping[str, Any], payload: Mapping[str, Any]) -> datetime | None:
    return _moment(content.get("event_ts")) or _moment(payload.get("event_ts")) or _moment(payload.get("time_stamp"))


def _moment(told: object) -> datetime | None:
    """Seconds or milliseconds, as number or text, or a date and time, in UTC where nothing else is said."""
    text = str(told if told is not None else "")
    try:
        if text.isascii() and text.isdecimal():
            seconds = int(text)
            return datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, UTC)
        found = parse_datetime(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


def _inner(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def _text(content: Mapping[str, Any], name: str) -> str:
    found = content.get(name)
    return str(found) if isinstance(found, str | int) else ""


def _hmac(app: App, message: bytes) -> str:
    return hmac.new(app.webhook_secret.encode(), message, hashlib.sha256).hexdigest()

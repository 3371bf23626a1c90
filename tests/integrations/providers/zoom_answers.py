"""Answers of Zoom, as they come over the wire."""

import json
from datetime import timedelta
from typing import Any

import requests
from django.utils.timezone import now

from integrations.types import MeetingRequest

MARKER = "Booking BR-ABCDEF123456"


def request(**fields: Any) -> MeetingRequest:
    start = (now() + timedelta(days=10)).replace(second=0, microsecond=0)
    defaults: dict[str, Any] = {
        "topic": "Intro",
        "start": start,
        "duration": timedelta(minutes=30),
        "time_zone": "UTC",
        "marker": MARKER,
    }
    return MeetingRequest(**defaults | fields)


def answer(status: int, body: object = None, headers: dict[str, str] | None = None) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made._content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    made.headers.update(headers or {})
    return made


def zoom_says(code: int, message: str = "", **more: Any) -> dict[str, Any]:
    return {"code": code, "message": message} | more

"""What a room's page and Bridge say to each other: JSON, read with suspicion."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, JsonResponse

from scheduling.calls import SIGNAL_BYTES, SIGNALS_AT_ONCE, Sent

BYTES = 4 * SIGNAL_BYTES
LARGEST = 2**31 - 1
"""What the database's column of numbers holds."""


def read(request: HttpRequest) -> Mapping[str, Any]:
    """Raises BadRequest for what is no object, or too long."""
    if len(request.body) > BYTES:
        raise BadRequest("too long")
    try:
        said = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise BadRequest("no JSON") from None
    if not isinstance(said, dict):
        raise BadRequest("no object")
    return said


def text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def uid(value: Any) -> UUID:
    try:
        return UUID(hex=value)
    except (TypeError, ValueError, AttributeError):
        raise BadRequest("no uid") from None


def got(said: Mapping[str, Any]) -> dict[UUID, int]:
    value = said.get("got", {})
    if not isinstance(value, dict):
        raise BadRequest("no object")
    return {uid(sender): _number(number) for sender, number in value.items()}


def signals(said: Mapping[str, Any]) -> list[Sent]:
    value = said.get("signals", [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise BadRequest("no list")
    return [Sent(uid(one.get("to")), _number(one.get("number")), one.get("data")) for one in value[:SIGNALS_AT_ONCE]]


def refusal(sentence: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status)


def _number(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise BadRequest("no number")
    return value

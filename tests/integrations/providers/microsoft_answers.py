"""Answers as Microsoft gives them, for what needs no simulator."""

import json
from typing import Any

from requests import Response


def answer(status: int, body: Any = None, **headers: str) -> Response:
    """`body`: text stands as it is, anything else as JSON."""
    response = Response()
    response.status_code = status
    response._content = (body if isinstance(body, str) else json.dumps(body)).encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def refusal(status: int, code: str, message: str = "Because.", **headers: str) -> Response:
    return answer(status, {"error": {"code": code, "message": message}}, **headers)


def token_refusal(status: int, error: str, number: int = 0, **headers: str) -> Response:
    body = {"error": error, "error_description": f"AADSTS{number}: Because. Trace ID: x", "error_codes": [number]}
    return answer(status, body, **headers)

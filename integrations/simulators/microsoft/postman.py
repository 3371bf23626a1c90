"""Carries what Graph says by itself to the addresses of subscriptions."""

import json
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

SECONDS_TO_VALIDATE, SECONDS_TO_ANSWER = 10.0, 3.0


def validate(url: str, token: str) -> tuple[int, str, bytes]:
    """The status, type and body of the answer; status 0: none in time."""
    joint = "&" if "?" in url else "?"
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    return _post(f"{url}{joint}validationToken={quote(token, safe='')}", headers, b"", SECONDS_TO_VALIDATE)


def notify(url: str, notifications: list[dict[str, Any]]) -> int:
    """The status; 0: no answer in time."""
    headers = {"Content-Type": "application/json"}
    return _post(url, headers, json.dumps({"value": notifications}).encode(), SECONDS_TO_ANSWER)[0]


def _post(url: str, headers: dict[str, str], body: bytes, seconds: float) -> tuple[int, str, bytes]:
    """Follows no redirects."""
    try:
        with closing(_connection(url, seconds)) as connection:
            connection.request("POST", urlsplit(url)._replace(scheme="", netloc="").geturl() or "/", body, headers)
            response = connection.getresponse()
            return response.status, response.headers.get("Content-Type", ""), response.read(10_000)
    except (OSError, HTTPException, ValueError):
        return 0, "", b""


def _connection(url: str, seconds: float) -> HTTPConnection:
    """Raises ValueError for what is no URL."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=seconds)

"""Carries one webhook to its address."""

from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

Post = Callable[[str, dict[str, str], bytes, float], tuple[int, bytes]]
"""(url, headers, body, seconds to wait) -> (status, body); status 0: no answer in time."""


def post(url: str, headers: dict[str, str], body: bytes, seconds: float) -> tuple[int, bytes]:
    """Follows no redirects, as Zoom does not."""
    try:
        with closing(_connection(url, seconds)) as connection:
            connection.request("POST", urlsplit(url)._replace(scheme="", netloc="").geturl() or "/", body, headers)
            response = connection.getresponse()
            return response.status, response.read()
    except (OSError, HTTPException, ValueError):
        return 0, b""


def _connection(url: str, seconds: float) -> HTTPConnection:
    """Raises ValueError for what is no URL."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=seconds)

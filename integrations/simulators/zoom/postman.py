"""Carries one webhook to its address."""

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

Post = Callable[[str, dict[str, str], bytes, float], tuple[int, bytes]]
"""(url, headers, body, seconds to wait) -> (status, body); status 0: no answer in time."""


def post(url: str, headers: dict[str, str], body: bytes, seconds: float) -> tuple[int, bytes]:
    """Follows no redirects, as Zoom does not."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request("POST", parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()

"""Requests and answers as the simulators see them, and how they come from and go to a WSGI server."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from integrations.simulators import connections

PAGE_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    (
        "Content-Security-Policy",
        "default-src 'none'; img-src data:; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
)


class Wire(Enum):
    """What of an answer reaches the client."""

    WHOLE = "whole"
    TRUNCATED = "truncated"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    """Below the mount, decoded once."""
    query: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    mount: str
    """Where the simulator hangs in its server: "" or "/simulators/zoom"."""
    base_url: str
    """Scheme, host and mount, no trailing slash."""
    arguments: dict[str, str] = field(default_factory=dict)
    """The named groups of the route."""
    raw_query: str = ""

    def every(self, name: str) -> list[str]:
        """All values of a query parameter that may be repeated."""
        return [value for known, value in parse_qsl(self.raw_query, keep_blank_values=True) if known == name]

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Any:
        """Raises ValueError."""
        return json.loads(self.body.decode("utf-8"))

    def with_arguments(self, arguments: dict[str, str]) -> "Request":
        return replace(self, arguments=arguments)


@dataclass
class Response:
    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    wire: Wire = Wire.WHOLE


def answer(status: int, content: object) -> Response:
    return Response(status, json.dumps(content).encode(), [("Content-Type", "application/json;charset=UTF-8")])


def page(html: str, status: int = 200) -> Response:
    return Response(status, html.encode(), list(PAGE_HEADERS))


def redirect(url: str, status: int = 302) -> Response:
    return Response(status, b"", [("Location", url), ("Cache-Control", "no-store")])


def read(environ: WSGIEnvironment) -> Request:
    path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
    mount = environ.get("SCRIPT_NAME", "").rstrip("/")
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    return Request(
        method=environ["REQUEST_METHOD"],
        path=path or "/",
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
        headers=_headers(environ),
        body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
        mount=mount,
        base_url=f"{environ['wsgi.url_scheme']}://{host}{mount}",
        raw_query=environ.get("QUERY_STRING", ""),
    )


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    found = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    return {**found, "content-type": environ.get("CONTENT_TYPE", "")}


def send(response: Response, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    headers = list(response.headers)
    if response.status != HTTPStatus.NO_CONTENT:
        headers.append(("Content-Length", str(len(response.body))))
    if response.wire is Wire.NOTHING:
        connections.close(environ)
    start_response(f"{response.status} {_phrase(response.status)}", headers)
    return [response.body] if response.wire is Wire.WHOLE else _broken_off(response, environ)


def _broken_off(response: Response, environ: WSGIEnvironment) -> Iterator[bytes]:
    if response.wire is Wire.TRUNCATED:
        yield response.body[: len(response.body) // 2] or b" "
    connections.close(environ)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"

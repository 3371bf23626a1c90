"""Stands between Bridge and the real CalDAV server: remembers what was asked, and plays servers of other kinds."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import requests
from requests.auth import _basic_auth_str

from tests.integrations.providers.caldav_server import PASSWORD

HOP_BY_HOP = {"connection", "content-length", "date", "server", "transfer-encoding", "content-encoding"}
NONCE = 'Digest realm="calendars", nonce="0123456789abcdef", qop="auth", algorithm=MD5'

Answer = tuple[int, dict[str, str], bytes]


class Relay:
    """edits: (what, instead) in every answer.  next: answers to be given once, by method.  digest: wants a Digest.
    before: what is done just before a method is passed on, once.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.asked: list[tuple[str, str, str]] = []
        """Method, path, body."""
        self.passwords: list[str] = []
        self.statuses: list[int] = []
        self.edits: list[tuple[str, str]] = []
        self.next: list[tuple[str, Answer]] = []
        self.before: list[tuple[str, Any]] = []
        self.digest = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        status, headers, body = self._answer(environ)
        self.statuses.append(status)
        start_response(f"{status} Whatever", [*headers.items(), ("Content-Length", str(len(body)))])
        return [body]

    @property
    def methods(self) -> list[str]:
        return [method for method, _path, _body in self.asked]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        self.asked.append((method, path, body.decode()))
        self.passwords.append(authorization)
        if self.digest and not authorization.startswith("Digest"):
            return 401, {"WWW-Authenticate": NONCE}, b""
        for kind, done in list(self.before):
            if kind == method:
                self.before.remove((kind, done))
                done()
        for kind, answer in list(self.next):
            if kind == method:
                self.next.remove((kind, answer))
                return answer
        return self._passed_on(method, path, body, environ, authorization)

    def _passed_on(self, method: str, path: str, body: bytes, environ: Any, authorization: str) -> Answer:
        names = {"HTTP_DEPTH": "Depth", "HTTP_IF_MATCH": "If-Match", "HTTP_IF_NONE_MATCH": "If-None-Match"}
        headers = {name: environ[key] for key, name in names.items() if key in environ}
        headers["Content-Type"] = environ.get("CONTENT_TYPE", "")
        headers["Authorization"] = self._opened(method, authorization)
        found = requests.request(
            method, self.target + path, data=body, headers=headers, allow_redirects=False, timeout=60
        )
        text = found.text
        for what, instead in self.edits:
            text = re.sub(what, instead, text, flags=re.DOTALL)
        kept = {name: value for name, value in found.headers.items() if name.lower() not in HOP_BY_HOP}
        return found.status_code, kept, text.encode() if found.encoding else found.content

    def _opened(self, method: str, authorization: str) -> str:
        if not self.digest:
            return authorization
        said = dict(re.findall(r'(\w+)="?([^",]+)"?', authorization))
        first = _md5(f"{said['username']}:calendars:{PASSWORD}")
        second = _md5(f"{method}:{said['uri']}")
        expected = _md5(f"{first}:{said['nonce']}:{said['nc']}:{said['cnonce']}:auth:{second}")
        return _basic_auth_str(said["username"], PASSWORD if expected == said["response"] else "wrong")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()

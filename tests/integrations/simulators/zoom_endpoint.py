"""Bridge's end of the simulated Zoom's webhooks."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

SECRET = "bridge-test-secret-token"


@dataclass(frozen=True)
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def signed(self) -> bool:
        """Checked here by the contract's own words, not by the simulator's code."""
        message = f"v0:{self.headers.get('X_ZM_REQUEST_TIMESTAMP', '')}:".encode() + self.body
        expected = "v0=" + hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, self.headers.get("X_ZM_SIGNATURE", ""))


@dataclass
class Endpoint:
    """Proves itself when asked, keeps what it gets, answers `status`."""

    status: int = 200
    proves: bool = True
    seconds: float = 0.0
    received: list[Received] = field(default_factory=list)
    challenges: int = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        got = Received({name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}, body)
        time.sleep(self.seconds)
        if got.content["event"] == "endpoint.url_validation":
            return self._prove(got, start_response)
        self.received.append(got)
        start_response(f"{self.status} Whatever", [])
        return [b""]

    def _prove(self, got: Received, start_response: StartResponse) -> Iterable[bytes]:
        self.challenges += 1
        token = got.content["payload"]["plainToken"]
        encrypted = hmac.new(SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        start_response(f"{self.status} Whatever", [])
        return [json.dumps({"plainToken": token, "encryptedToken": encrypted if self.proves else "no"}).encode()]

    @property
    def events(self) -> list[str]:
        return [got.content["event"] for got in self.received]

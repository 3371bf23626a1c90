"""An address that a subscription names: keeps what comes, and answers as it is told."""

import json
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment


class GraphEndpoint:
    def __init__(self) -> None:
        self.status = 202
        self.seconds = 0.0
        self.proves = True
        self.content_type = "text/plain"
        self.tokens: list[str] = []
        self.received: list[dict[str, Any]] = []
        self.requests = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        token = parse_qs(environ.get("QUERY_STRING", "")).get("validationToken", [""])[0]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        time.sleep(self.seconds)
        if token:
            return self._validated(token, start_response)
        self.requests += 1
        self.received += json.loads(body)["value"]
        start_response(f"{self.status} Whatever", [("Content-Length", "0")])
        return [b""]

    def _validated(self, token: str, start_response: StartResponse) -> Iterable[bytes]:
        self.tokens.append(token)
        answer = (token if self.proves else "no").encode()
        start_response("200 OK", [("Content-Type", self.content_type), ("Content-Length", str(len(answer)))])
        return [answer]

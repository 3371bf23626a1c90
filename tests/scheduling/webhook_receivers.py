"""Programs of others that webhooks go to, over real HTTP on loopback: they check what they are told, or misbehave."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from ninja import Schema
from standardwebhooks import Webhook

from accounts.models import Application, Membership
from integrations.simulators.server import SimulatorServer
from scheduling import announcements, subscriptions
from scheduling.models import EventType, Subscription
from tests import factories
from tests.integrations.typed_servers import read_request


@dataclass
class Request:
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """As the receiver's library does it. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """Answers each request with the next of `answers`: (status, headers, body); the last one stays."""

    url: str = ""
    answers: list[tuple[int, list[tuple[str, str]], bytes]] = field(default_factory=lambda: [(200, [], b"thanks")])
    got: list[Request] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        names = ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "user-agent"]
        headers = {name: str(environ.get(_key(name), "")) for name in names}
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.got.append(Request(headers, body))
        status, more, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        start_response(f"{status} Whatever", [*more, ("Content-Length", str(len(answer)))])
        return [answer]

    def says(self, *statuses: int, headers: list[tuple[str, str]] | None = None) -> None:
        self.answers = [(status, headers or [], b"") for status in statuses]

    @property
    def told(self) -> list[Any]:
        return [json.loads(request.body) for request in self.got]


def _key(name: str) -> str:
    return "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    program = Receiver()
    with SimulatorServer(program) as server:
        program.url = server.url + "/hooks"
        yield program


@pytest.fixture
def here(settings: Any) -> None:
    """The operator allows this machine."""
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]


@pytest.fixture
def receiver(here: None) -> Iterator[Receiver]:
    with receiving() as program:
        yield program


@pytest.fixture
def application(olga: Membership) -> Application:
    """Registered by Olga, who also lets it act for her."""
    application = factories.application(olga, name="Clinic")
    factories.consent(application, olga)
    return application


@pytest.fixture
def subscribed(application: Application, receiver: Receiver) -> tuple[Subscription, str]:
    """To everything, with its secret."""
    return subscriptions.subscribe(application, url=receiver.url, by=None)


class Happened(Schema):
    id: str = "1"
    title: str = "Café"


def happen(to: Membership, kind: EventType = EventType.MEETING_READY, **how: Any) -> None:
    """Something that applications are told of."""
    announcements.announce(kind, Happened, host_id=to.user_id, organization_id=to.organization_id, **how)


@contextlib.contextmanager
def hostile(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A socket that answers every connection as told, until it is over."""
    over, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))

    def serve_one(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            read_request(connection)
            answer(connection, over)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _from = listener.accept()
                threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/hooks"
    finally:
        over.set()
        listener.close()

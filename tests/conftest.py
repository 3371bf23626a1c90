"""The cast, the simulated Zoom, the closed network, what happens after a commit."""

import gc
import os
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import hypothesis
import pytest
from _pytest import runner
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connection, transaction
from django.test import Client, TransactionTestCase

from accounts.models import Membership, Role, User
from bridge import roomy
from integrations.models import Connection
from integrations.simulators.google.simulator import GoogleSimulator
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator
from outbox import intents
from scheduling.models import Scheduler
from tests import connecting, factories, leaks, passes

# Playwright keeps an event loop in the thread of the tests; the ORM would refuse to work there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# The served site answers in two pieces; the second would wait 40 ms for a nod to the first.
WSGIRequestHandler.disable_nagle_algorithm = True

# What a test calls, calls deep: without this a seventh of the suite's time goes to the kernel (decision 0038).
roomy.make(runner.pytest_runtest_protocol)

# The same examples on every run of CI; by hand, new ones each time.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

CALLBACK = "http://testserver/connect/zoom/callback"
MICROSOFT_CALLBACKS = [f"http://testserver/connect/microsoft/{path}" for path in ("callback", "consent")]

AfterCommit = Callable[[], AbstractContextManager[object]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A pass runs what it can decide."""
    items[:], left_out = passes.split(items)
    config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end; whoever looks for rubbish need not walk through it, then or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _quick_emptying() -> Iterator[None]:
    """After a test whose writes were committed. Django truncates every table, and makes all permissions anew."""
    tables = connection.introspection.django_table_names(only_existing=False)

    def emptied(self: TransactionTestCase) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    """Nothing leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"A test wants to reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks: Any) -> AfterCommit:
    """`with after_commit(): …` runs what waits for the commit, then settles all that is due."""

    @contextmanager
    def run() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield
        with django_capture_on_commit_callbacks(execute=True):
            intents.drain()

    return run


@pytest.fixture(autouse=True)
def _no_secret_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    logged = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.get_records("call"))
    leaks.assert_none_in(logged, "the log")
    leaks.simulators.clear()
    leaks.others.clear()


@pytest.fixture
def zoom(settings: Any) -> Iterator[ZoomSimulator]:
    """The simulated Zoom on a port of its own, and Bridge told to take it for Zoom."""
    simulator = ZoomSimulator(
        client_id=settings.ZOOM_CLIENT_ID, client_secret=settings.ZOOM_CLIENT_SECRET, redirect_uris=[CALLBACK]
    )
    leaks.simulators.append(simulator)
    with SimulatorServer(simulator) as server:
        settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = server.url, f"{server.url}/v2"
        yield simulator


@pytest.fixture
def microsoft(settings: Any) -> Iterator[MicrosoftSimulator]:
    """The simulated Microsoft on a port of its own, and Bridge told to take it for Microsoft."""
    app = settings.MICROSOFT_CLIENT_ID, settings.MICROSOFT_CLIENT_SECRET
    simulator = MicrosoftSimulator(*app, MICROSOFT_CALLBACKS)
    leaks.others.append(simulator.secrets)
    with SimulatorServer(simulator) as server:
        settings.MICROSOFT_OAUTH_URL, settings.MICROSOFT_GRAPH_URL = server.url, f"{server.url}/v1.0"
        yield simulator


@pytest.fixture
def google(settings: Any) -> Iterator[GoogleSimulator]:
    """The simulated Google on a port of its own, and Bridge told to take it for Google."""
    callback = "http://testserver/connect/google/callback"
    settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = "google-client", "google-secret-of-ours"
    simulator = GoogleSimulator(settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET, [callback])
    simulator.push.https_only = False
    leaks.others.append(simulator.secrets)
    with SimulatorServer(simulator) as server:
        settings.GOOGLE_OAUTH_URL = settings.GOOGLE_TOKEN_URL = server.url
        settings.GOOGLE_API_URL = settings.GOOGLE_PEOPLE_URL = server.url
        yield simulator


@pytest.fixture
def olga(db: None) -> Membership:
    """Owns the organization Harbour."""
    return factories.membership(factories.user("olga@example.org", name="Olga Berg", custom_url="olga-berg"))


@pytest.fixture
def mina(olga: Membership) -> Membership:
    """A member of Harbour."""
    mina = factories.user("mina@example.org", name="Mina Sol", custom_url="mina-sol")
    return factories.membership(mina, olga.organization, role=Role.MEMBER)


@pytest.fixture
def adam(olga: Membership) -> Membership:
    """An admin of Harbour."""
    adam = factories.user("adam@example.org", name="Adam Reed", custom_url="adam-reed")
    return factories.membership(adam, olga.organization, role=Role.ADMIN)


@pytest.fixture
def mallory(db: None) -> Membership:
    """Belongs elsewhere."""
    return factories.membership(factories.user("mallory@example.com", custom_url="mallory"))


@pytest.fixture
def scheduler(olga: Membership) -> Scheduler:
    """Olga's: half an hour, every day from 9 to 17 in Berlin."""
    return factories.scheduler(olga, slug="intro")


@pytest.fixture
def connect_zoom(zoom: ZoomSimulator) -> Callable[..., Connection]:
    """connect_zoom(membership, email): the account of this Zoom user, who consented."""

    def connected(member: Membership, email: str = "paula@acme.example") -> Connection:
        zoom.switches.consents_as = email
        return connecting.connect(member, "zoom")

    return connected


@pytest.fixture
def sign_in() -> Callable[[User | Membership], Client]:
    def signed_in(who: User | Membership) -> Client:
        client = Client()
        client.force_login(who.user if isinstance(who, Membership) else who)
        return client

    return signed_in

"""Bridge as it is served, the simulated Zoom beside it, and Olga with a browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from accounts.models import Application, Membership
from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator
from outbox import intents
from tests import factories, leaks, visitors
from tests.visitors import Visitor

CALLBACK = "http://127.0.0.1:5000/callback"


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any) -> Iterator[str]:
    """Its address. Receivers on this machine count as home."""
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    yield str(live_server.url)
    visitors.are_gone()


@pytest.fixture
def zoom_there(site: str, settings: Any) -> Iterator[ZoomSimulator]:
    callback = f"{site}/connect/zoom/callback"
    simulator = ZoomSimulator(settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET, [callback])
    leaks.simulators.append(simulator)
    with SimulatorServer(simulator) as server:
        settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = server.url, f"{server.url}/v2"
        yield simulator


@pytest.fixture
def olga_there(transactional_db: None) -> Membership:
    olga = factories.membership(factories.user("olga@example.org", name="Olga Berg"))
    factories.address(olga.user)
    return olga


@pytest.fixture
def browser_of_olga(site: str, olga_there: Membership) -> Visitor:
    visitor = Visitor(site)
    visitor.sign_in("olga@example.org")
    return visitor


@pytest.fixture
def crm(olga_there: Membership) -> Application:
    return factories.application(olga_there, name="CRM", redirect_uris=CALLBACK)


@pytest.fixture
def work() -> Callable[[], None]:
    """What is owed is done now: no worker runs here."""

    def done() -> None:
        intents.drain()

    return done


def connect_at_zoom(visitor: Visitor, zoom: ZoomSimulator, label: str) -> str:
    """From our page to Zoom, which consents at once, and back; where he ends up."""
    zoom.switches.consents_as = "paula@acme.example"
    there = visitor.follow(label)
    back = requests.get(there, allow_redirects=False, timeout=10)
    return visitor.open(back.headers["Location"])

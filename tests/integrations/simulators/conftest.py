"""The simulated Zoom, Google and Microsoft by themselves: served on free ports, their clocks standing still."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from integrations.simulators.google.simulator import GoogleSimulator
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators import google_contract, microsoft_contract
from tests.integrations.simulators.google_client import CALLBACK as GOOGLE_CALLBACK
from tests.integrations.simulators.google_client import GoogleClient
from tests.integrations.simulators.microsoft_client import CALLBACK as MICROSOFT_CALLBACK
from tests.integrations.simulators.microsoft_client import MicrosoftClient
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient
from tests.integrations.simulators.zoom_endpoint import SECRET, Endpoint

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def zoom() -> ZoomSimulator:
    zoom = ZoomSimulator("client", "secret", [CALLBACK])
    zoom.clock.freeze(NOW)
    return zoom


@pytest.fixture
def client(zoom: ZoomSimulator) -> Iterator[ZoomClient]:
    """Speaks to it over HTTP, as Bridge would."""
    with SimulatorServer(zoom) as server, ZoomClient(zoom, server.url) as client:
        yield client


@pytest.fixture
def paula(client: ZoomClient) -> str:
    """Her access token; she has a paid plan and owns the account Acme."""
    return str(client.connect("paula@acme.example")["access_token"])


@pytest.fixture
def admin(zoom: ZoomSimulator, client: ZoomClient) -> str:
    """Paula's access token for the admin-managed app."""
    zoom.add_app("admin-client", "admin-secret", [CALLBACK], admin_managed=True)
    return str(client.connect("paula@acme.example", "admin-client")["access_token"])


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def url(endpoint: Endpoint) -> Iterator[str]:
    with SimulatorServer(endpoint) as server:
        yield server.url + "/webhooks/zoom?app=1"


@pytest.fixture
def subscribed(zoom: ZoomSimulator, url: str) -> ZoomSimulator:
    assert zoom.subscribe(url, secret=SECRET).active
    return zoom


@pytest.fixture
def microsoft() -> MicrosoftSimulator:
    microsoft = MicrosoftSimulator("client", "secret", [MICROSOFT_CALLBACK])
    microsoft.clock.freeze(NOW)
    return microsoft


@pytest.fixture
def graph(microsoft: MicrosoftSimulator) -> Iterator[MicrosoftClient]:
    """Speaks to it over HTTP, as Bridge would, and holds what is said against Microsoft's schema."""
    with SimulatorServer(microsoft) as server, MicrosoftClient(microsoft, server.url) as client:
        client.http.hooks["response"].append(microsoft_contract.checked)
        yield client


@pytest.fixture
def carla(graph: MicrosoftClient) -> str:
    """Her access token; she administers Contoso, where people consent for themselves."""
    return str(graph.connect("carla@contoso.example")["access_token"])


@pytest.fixture
def google() -> GoogleSimulator:
    google = GoogleSimulator("client", "secret", [GOOGLE_CALLBACK])
    google.clock.freeze(NOW)
    return google


@pytest.fixture
def app(google: GoogleSimulator) -> Iterator[GoogleClient]:
    """An app at the simulated Google, to which nobody has consented yet."""
    with SimulatorServer(google) as server, GoogleClient(google, server.url) as client:
        client.http.hooks["response"].append(google_contract.checked)
        yield client


@pytest.fixture
def gina(app: GoogleClient) -> GoogleClient:
    """The app, calling as Gina."""
    app.connect("gina@gmail.example")
    return app

"""The way through Zoom's consent page, as a browser goes it."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from integrations.models import Connection
from integrations.signals import connection_ended, connection_going, connection_restored
from integrations.simulators.exchange.app import PATH as EWS
from integrations.simulators.exchange.simulator import ExchangeSimulator
from integrations.simulators.google.simulator import GoogleSimulator
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.records import App
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import MeetingRequest
from tests import connecting
from tests.integrations.providers import microsoft_desk

CARLA = "carla@contoso.example"
PAULA, PEDRO, FRED = "paula@acme.example", "pedro@acme.example", "fred@free.example"
ORGANIZATION_CALLBACK = "http://testserver/connect/zoom/organization/callback"

REQUEST = MeetingRequest(
    topic="Intro call",
    start=datetime(2027, 3, 1, 9, tzinfo=UTC),
    duration=timedelta(minutes=30),
    time_zone="Europe/Berlin",
    marker="Booking BR-ABCDEF123456",
)

Consent = Callable[[str, str], str]
ConnectZoom = Callable[..., Connection]


@pytest.fixture
def consent(zoom: ZoomSimulator) -> Consent:
    """Takes the address that Bridge sends a browser to and who is signed in at Zoom; answers with the way back."""

    def consented(address: str, user: str) -> str:
        asked = dict(parse_qsl(urlsplit(address).query))
        code = zoom.authorize(
            user,
            client_id=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            code_challenge=asked["code_challenge"],
            code_challenge_method=asked["code_challenge_method"],
        )
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    return consented


@pytest.fixture
def connect_zoom(connect_zoom: ConnectZoom, consent: Consent) -> ConnectZoom:
    """Connects a Zoom user for a member; with a client through the pages."""

    def connected(membership: Membership, user: str = PAULA, client: Client | None = None) -> Connection:
        if client is None:
            return connect_zoom(membership, user)
        address = client.get(reverse("connect", args=["zoom"]))["Location"]
        answer = client.get(consent(address, user))
        assert answer.status_code == 302, answer.content.decode()
        return Connection.objects.select_related("grant").get(membership=membership, grant__email=user)

    return connected


@pytest.fixture
def connect_microsoft(microsoft: MicrosoftSimulator) -> ConnectZoom:
    """Connects a Microsoft account for a member."""

    def connected(membership: Membership, user: str = CARLA) -> Connection:
        microsoft.switches.consents_as = user
        return connecting.connect(membership, "microsoft")

    return connected


@pytest.fixture
def desk_microsoft(
    olga: Membership, microsoft: MicrosoftSimulator, connect_microsoft: ConnectZoom
) -> Iterator[microsoft_desk.MicrosoftDesk]:
    """Carla's account, for the promises that all calendars keep."""
    with microsoft_desk.opened(microsoft, connect_microsoft(olga)) as desk:
        yield desk


@pytest.fixture
def connect_google(google: GoogleSimulator) -> ConnectZoom:
    """Connects a Google account for a member."""

    def connected(membership: Membership, user: str = "olga@harbour.example") -> Connection:
        google.switches.consents_as = user
        return connecting.connect(membership, "google")

    return connected


@pytest.fixture
def connection(olga: Membership, connect_zoom: ConnectZoom) -> Connection:
    """Olga's, to Paula's account."""
    return connect_zoom(olga)


@pytest.fixture
def told(db: None) -> Iterator[list[tuple[str, int | None]]]:
    """Which signals were sent, in order: (name, connection pk)."""
    heard: list[tuple[str, int | None]] = []
    signals = {"ended": connection_ended, "restored": connection_restored, "going": connection_going}
    listeners = {}
    for name, signal in signals.items():
        listeners[name] = lambda sender, connection, name=name, **kwargs: heard.append((name, connection.pk))
        signal.connect(listeners[name], weak=False)
    yield heard
    for name, signal in signals.items():
        signal.disconnect(listeners[name])


# --- Calendars by name and password -----------------------------------------------------------------------------------


@pytest.fixture
def exchange(settings: Any) -> Iterator[tuple[ExchangeSimulator, str]]:
    """A simulated Exchange with a mailbox for each of the cast, and its address; the operator allows this machine."""
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    simulator = ExchangeSimulator()
    for name in ("olga", "adam", "mina"):
        simulator.add_mailbox(f"{name}@example.org", f"{name}-password")
    with SimulatorServer(simulator) as server:
        yield simulator, server.url + EWS


# --- For a whole organization -----------------------------------------------------------------------------------------


@pytest.fixture
def app_for_all(zoom: ZoomSimulator, settings: Any) -> App:
    """The installation's app that acts for an account, as Zoom knows it."""
    credentials = settings.ZOOM_ADMIN_CLIENT_ID, settings.ZOOM_ADMIN_CLIENT_SECRET
    return zoom.add_app(*credentials, [ORGANIZATION_CALLBACK], admin_managed=True)


@pytest.fixture
def invite(app_for_all: App, sign_in: Callable[[Membership], Client]) -> Callable[[Membership], str]:
    """invite(admin) presses the button: the path of the link, as the page shows it this once."""

    def invited(admin: Membership) -> str:
        page = sign_in(admin).post(reverse("setup_link_issue", args=[admin.organization.slug, "zoom"]))
        found = re.search(r"/connect/zoom/organization/[\w-]+", page.content.decode())
        assert found, page.content.decode()
        return found[0]

    return invited


def followed(browser: Client, link: str) -> str:
    """He reads the page and goes on; the address that he is sent to, Zoom's if all is well."""
    page = browser.get(link).content.decode()
    onward = re.search(r'href="([^"]+/start\?seen=\w+)"', page)
    assert onward, page
    return browser.get(onward[1])["Location"]


@pytest.fixture
def arrive(invite: Callable[[Membership], str], consent: Consent) -> Callable[..., Any]:
    """arrive(admin, zoom_admin): the page that a Zoom admin without an account here is left with."""

    def arrived(admin: Membership, user: str = PAULA, link: str = "") -> Any:
        stranger = Client()
        return stranger.get(consent(followed(stranger, link or invite(admin)), user))

    return arrived


@pytest.fixture
def connect_organization(app_for_all: App, consent: Consent, after_commit: Any) -> Callable[..., Connection]:
    """connect_organization(admin, zoom_admin): link, consent, confirmation, and everybody looked up."""

    def connected(admin: Membership, user: str = PAULA) -> Connection:
        with after_commit():
            known = connecting.connect_organization(admin, "zoom", lambda address: consent(address, user))
        return Connection.objects.select_related("grant", "organization").get(pk=known.pk)

    return connected

"""The way through Zoom's consent page, as a browser goes it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from integrations.models import Connection
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import MeetingRequest

PAULA, PEDRO, FRED = "paula@acme.example", "pedro@acme.example", "fred@free.example"

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
def connect_zoom(sign_in: Callable[[Membership], Client], consent: Consent) -> ConnectZoom:
    """Connects a Zoom user for a member through the pages."""

    def connected(membership: Membership, user: str = PAULA, client: Client | None = None) -> Connection:
        browser = client or sign_in(membership)
        address = browser.get(reverse("connect", args=["zoom"]))["Location"]
        answer = browser.get(consent(address, user))
        assert answer.status_code == 302, answer.content.decode()
        return Connection.objects.select_related("grant").get(membership=membership, grant__email=user)

    return connected

"""An application sends somebody to choose a conferencing service: where he is led, and what the application learns."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from accounts.models import Application, Membership
from integrations.models import Connection, HostedRequest
from tests import factories
from tests.integrations.conftest import PAULA

pytestmark = pytest.mark.django_db

BACK = "https://crm.example.org/callback"


@pytest.fixture
def crm(db: None) -> Application:
    """Of another organization than Olga's."""
    return factories.application(name="Tall Ships CRM")


def address(application: Application, **besides: str) -> str:
    asked = {"client_id": application.client_id, "redirect_uri": BACK, "state": "s-1"} | besides
    return f"/connect/conferencing?{urlencode(asked)}"


def opened(browser: Client, application: Application, **besides: str) -> str:
    """The path of the page that he is led to."""
    answer = browser.get(address(application, **besides))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def told(answer: object) -> dict[str, str]:
    """What the application is told."""
    place = answer["Location"]  # type: ignore[index]
    assert place.startswith(f"{BACK}?"), place
    return {name: values[0] for name, values in parse_qs(urlsplit(place).query, strict_parsing=True).items()}


@pytest.fixture
def olgas(olga: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    return sign_in(olga)


@pytest.mark.row("CR-3", "CR-8", "CR-9")
def test_from_the_application_to_zoom_and_back(olgas, olga, crm, consent):
    here = opened(olgas, crm)
    page = olgas.get(here).content.decode()
    assert f'href="{here}/connect/zoom"' in page

    there = olgas.get(f"{here}/connect/zoom")
    answer = olgas.get(consent(there["Location"], PAULA))

    assert told(answer) == {
        "result": "conferencing_connected",
        "service": "zoom",
        "state": "s-1",
        "iss": "http://testserver",
    }
    assert Connection.objects.get().membership == olga
    assert HostedRequest.objects.get().answered_at

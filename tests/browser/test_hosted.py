"""An application on one's own machine sends somebody new to Bridge for a conferencing service, and gets him back."""

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Application
from integrations.models import Connection
from integrations.simulators.server import SimulatorServer
from tests import factories
from tests.browser import host
from tests.browser.conftest import Look, Visit

pytestmark = pytest.mark.browser

STATE = "a b&c/ü"


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Where people come back to."""
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"<title>Back</title><link rel=icon href=data:><h1>Back at the application</h1>"]


@pytest.fixture
def back() -> Iterator[str]:
    with SimulatorServer(application) as server:
        yield f"{server.url}/callback"


@pytest.fixture
def crm(site: str) -> Application:
    by = factories.membership(organization_=factories.organization("Tall Ships Ltd"))
    return factories.application(by, name="Tall Ships CRM", redirect_uris="http://127.0.0.1/callback")


def sent(crm: Application, back: str) -> str:
    asked = {"client_id": crm.client_id, "redirect_uri": back, "state": STATE}
    return f"/connect/conferencing?{urlencode(asked)}"


def came_back(page: Page) -> dict[str, str]:
    """What the application was told."""
    expect(page.get_by_role("heading", name="Back at the application")).to_be_visible()
    return dict(parse_qsl(urlsplit(page.url).query))


@pytest.mark.row("CR-3", "CR-7", "CR-8", "CR-9")
def test_from_an_application_by_signing_up_to_zoom_and_back(visit: Visit, look: Look, crm, zoom, back, site) -> None:
    page = visit("desktop")
    page.goto(sent(crm, back))
    expect(page.get_by_role("heading", name="Tall Ships CRM wants to make meetings for you")).to_be_visible()
    look(page, "hosted-welcome")
    page.get_by_role("link", name="Create an account").click()
    host.create_account(page, "Nora Fell", "nora@example.org")
    expect(page.get_by_role("heading", name="Where shall Tall Ships CRM make meetings?")).to_be_visible()
    look(page, "hosted-services")

    host.connect(page, "Fred Free", "Continue to Zoom")
    expect(page.get_by_role("alert")).to_contain_text("Bridge needs a paid plan")
    look(page, "hosted-refused")
    host.connect(page, "Paula Paid", "Try again")
    told = {"service": "zoom", "state": STATE, "iss": site}
    assert came_back(page) == told | {"result": "conferencing_connected"}
    assert Connection.objects.get(membership__user__email="nora@example.org").grant.email == "paula@acme.example"

    page.goto(sent(crm, back))
    expect(page.get_by_text("paula@acme.example")).to_be_visible()
    look(page, "hosted-connected")
    here = page.url
    page.get_by_role("link", name="Use Zoom").click()
    assert came_back(page) == told | {"result": "already_connected"}
    page.goto(here)
    look(page, "hosted-answered")
    page.get_by_role("link", name="Back to Tall Ships CRM").click()
    assert came_back(page) == told | {"result": "already_connected"}


def test_what_is_asked_wrongly_stays_in_bridge(visit: Visit, look: Look, crm, back) -> None:
    page = visit("phone")
    page.goto(sent(crm, back + "/elsewhere"))
    expect(page.get_by_role("heading", name="Bridge cannot follow this")).to_be_visible()
    look(page, "hosted-wrong")
    page.goto(sent(crm, back))
    page.get_by_role("link", name="Back to Tall Ships CRM").click()
    assert came_back(page)["result"] == "denied"

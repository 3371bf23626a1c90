"""An application of somebody else's: registered, allowed by another person, listed, ended."""

import http.server
import threading
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Application, Membership, Role
from tests import factories
from tests.accounts import asking
from tests.browser import host
from tests.browser.conftest import Look, Visit

pytestmark = pytest.mark.browser

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763a8b97f1f0004690226ac2ab70a0000000049454e44ae426082"
)
LONG = "Interview Scheduling for the Whole of Northern Europe"


class _Callback(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html lang=en><title>CRM</title><link rel=icon href=data:,><h1>Back at the CRM</h1>")

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def program() -> Iterator[str]:
    """On somebody's own machine, waiting for him to come back; its address there."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Callback) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/back"
        server.shutdown()


@pytest.mark.row("G-55", "CR-2")
def test_an_application_is_registered_allowed_and_ended(
    visit: Visit, look: Look, program: str, olga: Membership, mallory: Membership
) -> None:
    developer, person = visit(), visit()
    host.sign_in(developer, mallory)
    secret = _registered(developer, mallory, program, look)
    crm = Application.objects.get()
    factories.membership(olga.user, factories.organization("Lighthouse Keepers’ Association"), role=Role.MEMBER)
    host.sign_in(person, olga)

    person.goto(asking.address(crm, redirect_uri=program))
    look(person, "consent")
    person.get_by_label("Make, change and delete events").uncheck()
    person.get_by_label("Lighthouse").check()
    person.get_by_role("button", name="Allow").click()
    person.get_by_role("heading", name="Back at the CRM").wait_for()
    code = dict(parse_qsl(urlsplit(person.url).query))["code"]
    given = asking.exchange(crm, code, redirect_uri=program, client_secret=secret).json()
    assert (given["scope"], asking.works(given["access_token"])) == ("events:read", True)

    person.goto("/account/applications")
    expect(person.locator(".row", has_text=LONG)).to_contain_text("Lighthouse Keepers’ Association since")
    look(person, "connected-applications")
    person.get_by_role("button", name="End access").click()
    expect(person.get_by_text(f"{LONG} has no access any more.")).to_be_visible()
    assert not asking.works(given["access_token"])


def test_what_a_person_cannot_allow_is_explained(visit: Visit, look: Look, olga: Membership) -> None:
    crm = factories.application(olga, name="CRM", state="blocked")
    page = visit()
    host.sign_in(page, olga)
    page.goto(asking.address(crm))
    expect(page.get_by_role("heading", name="CRM is blocked")).to_be_visible()
    look(page, "consent-unfit")
    page.goto(crm.get_absolute_url())
    page.get_by_role("button", name="Unblock").click()
    page.goto(asking.address(crm))
    page.get_by_role("button", name="Refuse")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick what you allow, or refuse.")
    look(page, "consent-corrected")


def _registered(page: Page, by: Membership, program: str, look: Look) -> str:
    """Its secret, as the page shows it once."""
    base = f"/o/{by.organization.slug}/applications"
    page.goto(base)
    look(page, "applications-empty")
    page.get_by_role("link", name="Register an application").first.click()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Please name at least one address.")).to_be_visible()
    look(page, "application-new")
    page.get_by_label("Name").fill(LONG)
    page.get_by_label("Website").fill("interviews.example.org")
    page.get_by_label("Logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": PNG})
    page.get_by_label("Redirect addresses").fill(f"{asking.CALLBACK}\n{program}")
    page.get_by_label("See the events it made").check()
    page.get_by_label("Make, change and delete events").check()
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="It is registered").wait_for()
    look(page, "application-secret")
    secret = page.get_by_role("textbox", name="Client secret").inner_text()
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("heading", name=LONG).wait_for()
    look(page, "application")
    factories.consent(Application.objects.get(), by)
    page.goto(base)
    look(page, "applications")
    return secret

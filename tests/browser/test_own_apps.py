"""An organization brings its own apps: the pages, and the way of an admin from nothing to a connected organization."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from integrations.models import Connection
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests import factories
from tests.browser import host
from tests.browser.conftest import Look, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(timezone_id="Europe/Berlin")


def test_what_an_admin_sees_of_own_apps(page: Page, look: Look, olga: Membership) -> None:
    own = factories.vendor_app(olga, kind="personal", client_id="ours")
    base = f"/o/{olga.organization.slug}/integrations/zoom/apps"
    host.sign_in(page, olga)
    for name, path in {"": "", "-form": "/personal", "-server": "/server", "-remove": "/personal/remove"}.items():
        page.goto(base + path)
        look(page, f"own-apps{name}")
    own.problem = "Zoom did not answer."
    own.save()
    page.goto(f"{base}/personal")
    page.get_by_label("Client ID").fill("two words")
    page.get_by_role("button", name="Save and check").click()
    page.get_by_text("This is no key").wait_for()
    look(page, "own-apps-refused")


@pytest.mark.row("CL-1")
def test_server_to_server_credentials_connect_the_organization(
    page: Page, olga: Membership, zoom: ZoomSimulator
) -> None:
    made = zoom.add_app("own-server", "server-keys", kind="server_to_server", account="Acme")
    host.sign_in(page, olga)
    page.goto(f"/o/{olga.organization.slug}/integrations/zoom/apps")
    page.get_by_role("link", name=re.compile("Set up your own.*Server-to-server")).click()
    page.get_by_label("Account ID").fill(made.account_id)
    page.get_by_label("Client ID").fill("own-server")
    page.get_by_label("Client secret").fill("wrong")
    page.get_by_role("button", name="Save and connect").click()
    expect(page.get_by_text("does not know this client ID with this secret").first).to_be_visible()
    page.get_by_label("Client secret").fill("server-keys")
    page.get_by_role("button", name="Save and connect").click()
    expect(page.get_by_text("Zoom is connected for your organization.")).to_be_visible()
    assert Connection.objects.get().membership is None

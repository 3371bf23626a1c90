"""The simulated Zoom as a newcomer finds it in the try-out, with people and apps to connect an organization."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from integrations.simulators.zoom import tryout
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.browser.conftest import Look, Visit
from tests.integrations.simulators.zoom_client import ZoomClient

pytestmark = pytest.mark.browser

ADMIN_APP = "admin-of-the-installation"


@pytest.fixture
def callback(site: str) -> str:
    return f"{site}/connect/zoom/organization/callback"


@pytest.fixture
def furnished(zoom: ZoomSimulator, callback: str) -> ZoomSimulator:
    """With meetings, added apps, and webhooks that nobody takes."""
    zoom.add_app(ADMIN_APP, "s", [callback], name="Bridge for organizations", kind="admin_managed")
    tryout.furnish(zoom, [callback])
    client = ZoomClient(zoom, settings.ZOOM_OAUTH_URL)
    zoom.announce("http://127.0.0.1:9/webhooks/zoom/personal")
    zoom.webhooks.run()
    zoom.webhooks.subscriptions[0].active = True
    code = zoom.authorize("paula@acme.example", ADMIN_APP)
    client.exchange(code, ADMIN_APP, redirect_uri=callback)
    paula = client.exchange(
        zoom.authorize("paula@acme.example"), "test-client", redirect_uri=min(zoom.app().redirect_uris)
    )
    client.created(paula.json()["access_token"], start_time=f"{now() + timedelta(days=3):%Y-%m-%dT09:00:00Z}")
    zoom.webhooks.run()
    client.http.close()
    return zoom


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(base_url=settings.ZOOM_OAUTH_URL)


def test_everything_can_be_changed_on_the_control_page(furnished: ZoomSimulator, page: Page, look: Look) -> None:
    page.goto(f"{settings.ZOOM_OAUTH_URL}/control")
    page.get_by_text("Change paula@acme.example").click()
    page.get_by_text("Change Intro call with Bo").click()
    look(page, "zoom-control-full")

    page.get_by_text("Change pedro@acme.example").click()
    row = page.get_by_role("row", name="pedro@acme.example")
    row.get_by_label("Role").select_option("Admin")
    row.get_by_role("button", name="Set role").click()

    expect(page.get_by_role("heading", name="Users", exact=True)).to_be_in_viewport()
    assert furnished.user("pedro@acme.example").role_name == "Admin"
    page.get_by_text("Change Intro call with Bo").click()
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("button", name="Stop delivering").click()
    expect(page.get_by_text("Stopped: what happens waits here.")).to_be_visible()
    look(page, "zoom-control-stopped")


def test_an_admin_finds_the_apps_of_the_account(furnished: ZoomSimulator, page: Page, look: Look) -> None:
    page.goto(f"{settings.ZOOM_OAUTH_URL}/user/installed")
    look(page, "zoom-apps-of-all")
    page.get_by_label("Zoom user").select_option("Paula Paid (paula@acme.example)")
    page.get_by_role("button", name="Sign in", exact=True).click()
    look(page, "zoom-apps-of-an-admin")

    page.get_by_role("button", name="Remove Bridge for organizations for the account").click()

    expect(page.get_by_text("Installed for the account")).to_have_count(0)
    assert not furnished.installed("paula@acme.example", ADMIN_APP)


def test_a_member_is_told_that_an_admin_is_required(
    furnished: ZoomSimulator, page: Page, look: Look, callback: str
) -> None:
    query = {"response_type": "code", "client_id": ADMIN_APP, "redirect_uri": callback, "state": "s"}
    page.goto(f"{settings.ZOOM_OAUTH_URL}/oauth/authorize?{urlencode(query)}")
    page.get_by_role("button", name="Mona Member").click()

    expect(page.get_by_text("An account admin is required to install this type of app.")).to_be_visible()
    look(page, "zoom-admin-required")
    page.get_by_role("link", name="Sign in as another user").click()
    page.get_by_role("button", name="Anton Admin").click()
    expect(page.get_by_text("See all users of the account")).to_be_visible()
    look(page, "zoom-admin-consent")

"""Google as a member goes there: who he is, what he leaves ticked, what Bridge makes of it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from integrations.models import Connection
from integrations.simulators.google.simulator import GoogleSimulator
from tests.browser import host
from tests.browser.conftest import Look, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit: Visit, olga: Membership, google: GoogleSimulator) -> Page:
    page = visit()
    host.sign_in(page, olga)
    return page


@pytest.mark.row("G-41", "ZM-10")
def test_a_member_connects_google_and_takes_a_tick_away(page: Page, look: Look) -> None:
    page.goto("/connect/google")
    expect(page.get_by_role("heading", name="Choose an account")).to_be_visible()
    look(page, "google-accounts")
    page.get_by_role("button", name="Olga Berg").click()
    look(page, "google-consent")
    page.get_by_label("contacts").first.uncheck()
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_text("olga@harbour.example").first).to_be_visible()
    look(page, "google-connected")
    scopes = Connection.objects.get(grant__provider="google").grant.scopes
    assert [name for name in scopes if name.endswith("calendar.events")]
    assert not [name for name in scopes if "contacts" in name]


def test_who_cancels_at_google_is_back_and_nothing_is_lost(page: Page, google: GoogleSimulator) -> None:
    page.goto("/connect/google")
    page.get_by_role("button", name="Olga Berg").click()
    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not Connection.objects.filter(grant__provider="google").exists()


def test_the_control_page_is_for_everybody(google: GoogleSimulator, page: Page, look: Look, settings: Any) -> None:
    moments = {name: {"dateTime": f"2027-03-01T{at}:00:00Z"} for name, at in (("start", "09"), ("end", "10"))}
    google.make("olga@harbour.example", summary="Talk", **moments)
    page.goto(f"{settings.GOOGLE_API_URL}/control")
    page.get_by_label("What goes wrong").select_option("Google is down (503) until cleared")
    page.get_by_role("button", name="Let it happen").click()
    look(page, "google-control")
    page.get_by_role("button", name="Delete").click()

    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    assert google.events("olga@harbour.example") == []

"""Somebody uses the sample application in a browser: consent, Zoom, an appointment with its link."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from tests import factories, sample_application
from tests.browser import host
from tests.browser.conftest import Settled, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit: Visit, olga: Membership) -> Page:
    page = visit("desktop", timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    return page


@pytest.mark.row("CR-1", "CR-2", "CR-8", "CR-9", "CR-10", "CR-17")
def test_from_consent_to_the_link_and_away_again(page: Page, olga, site, zoom, settings, settled: Settled) -> None:
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    application = factories.application(olga, name="CRM", redirect_uris="http://127.0.0.1/callback")
    with sample_application.running(site, application.client_id) as crm:
        page.goto(crm)
        page.get_by_role("link", name="Connect Bridge").click()
        page.get_by_role("button", name="Allow").click()
        expect(page.get_by_text("Bridge acts for you now.")).to_be_visible()

        page.get_by_role("link", name="Connect a conferencing service").click()
        host.connect(page, "Paula Paid", "Continue to Zoom")
        expect(page.get_by_text("Conferencing: conferencing_connected, zoom")).to_be_visible()

        page.get_by_role("button", name="Make").click()
        settled()
        page.reload()
        [meeting] = zoom.meetings()
        expect(page.get_by_role("link", name="Join")).to_have_attribute("href", zoom.join_url(meeting))
        expect(page.get_by_text("meeting.ready")).to_be_visible()
        page.get_by_role("button", name="Delete").click()
        settled()
        expect(page.get_by_role("link", name="Join")).to_have_count(0)
    assert zoom.meetings() == []

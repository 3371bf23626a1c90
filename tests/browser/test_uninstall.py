"""Somebody removes Bridge at Zoom itself: the webhook comes, and both his organizations say so."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from integrations import defaults
from integrations.models import Connection
from integrations.simulators.zoom.simulator import ZoomSimulator
from scheduling.models import Booking, Meeting, Scheduler
from tests import factories
from tests.browser import host
from tests.browser.conftest import Look, Settled, Visit

pytestmark = pytest.mark.browser

PAULA = "paula@acme.example"


@pytest.fixture
def elsewhere(olga: Membership) -> Membership:
    """Olga's second organization."""
    return factories.membership(olga.user, factories.organization("Lighthouse"))


@pytest.fixture
def held(scheduler: Scheduler) -> Booking:
    """A coming booking, whose link is made as soon as there is an account."""
    return factories.booking(scheduler)


@pytest.mark.row("IN-13", "IN-14", "IN-15", "IN-16", "CB-15")
def test_an_uninstall_at_zoom_shows_in_both_organizations(
    visit: Visit,
    look: Look,
    settled: Settled,
    zoom: ZoomSimulator,
    olga: Membership,
    elsewhere: Membership,
    held: Booking,
    site: str,
) -> None:
    page = visit("desktop", timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    for member in (olga, elsewhere):
        if member is elsewhere:
            switch(page, member)
        host.open_panel(page)
        page.get_by_role("link", name="Add Zoom Account", exact=True).click()
        page.get_by_role("button", name="Paula Paid").click()
        if member is olga:
            page.get_by_role("button", name="Authorize").click()
        expect(host.account(page, PAULA)).to_contain_text("Connected")
        defaults.make_default(member, "zoom", Connection.objects.get(membership=member))
    link = "https://zoom.example/j/77"
    mine = Connection.objects.get(membership=olga)
    factories.meeting(held, place="zoom", connection=mine, external_id="77", join_url=link, settled_sequence=0)

    zoom.webhooks.signs_in_real_time = True
    assert zoom.subscribe(f"{site}/webhooks/zoom/personal", secret="test-webhook-secret").active
    zoom.uninstall(PAULA)
    zoom.webhooks.run()
    assert [delivery.statuses for delivery in zoom.webhooks.deliveries] == [[204]]
    settled()

    for member in (elsewhere, olga):
        if member is olga:
            switch(page, member)
        page.goto("/dashboard/")
        expect(page.get_by_role("complementary", name="Needs action")).to_contain_text("access was taken back")
        assert defaults.default_of(member).place == "builtin"
        panel = host.open_panel(page)
        expect(panel.get_by_text(PAULA)).to_have_count(0)
        look(page, f"uninstalled-{member.organization.name}")
    page.goto(f"/o/{olga.organization.slug}/bookings/{held.uid}")
    expect(page.locator(f"[href='{link}']").or_(page.get_by_text(link)).first).to_be_visible()
    assert Meeting.objects.get().state == "detached"


def switch(page: Page, to: Membership) -> None:
    """By the menu at the side."""
    page.goto("/dashboard/")
    page.locator(".organization-menu summary").click()
    page.get_by_role("button", name=f"Switch to {to.organization.name}").click()
    page.goto("/dashboard/")

"""Zoom for a whole organization, by a Zoom admin who has no account in Bridge, and what members see of it."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import Membership
from integrations.models import Arrival, Connection, Grant, SetupLink
from integrations.simulators.zoom.simulator import ZoomSimulator
from scheduling.models import Meeting
from tests import factories
from tests.browser import host, invitee
from tests.browser.conftest import Settled, Visit

pytestmark = pytest.mark.browser

CLOCK = {"timezone_id": "Europe/Berlin"}


@pytest.fixture
def acme(zoom: ZoomSimulator, site: str, mina: Membership) -> ZoomSimulator:
    """The installation's app for accounts is known to Zoom, and Mina is a user there."""
    credentials = settings.ZOOM_ADMIN_CLIENT_ID, settings.ZOOM_ADMIN_CLIENT_SECRET
    zoom.add_app(*credentials, [f"{site}/connect/zoom/organization/callback"], admin_managed=True)
    zoom.add_user(mina.user.email, account="Acme", name="Mina Sol")
    return zoom


@pytest.fixture
def admins(visit: Visit, adam: Membership, acme: ZoomSimulator) -> Page:
    """Adam's page."""
    page = visit("desktop", **CLOCK)
    host.sign_in(page, adam)
    return page


def go_to_zoom(admins: Page) -> None:
    menu = admins.get_by_role("navigation", name="Organization", exact=True)
    menu.get_by_role("link", name="Integrations & apps").click()
    admins.get_by_role("link", name="Set up Zoom").click()


def make_link(admins: Page) -> str:
    """From the menu to the button; the address that it yields."""
    go_to_zoom(admins)
    admins.get_by_role("button", name="Connect Zoom for my organization").click()
    expect(admins.get_by_role("heading", name="The link is made")).to_be_visible()
    found = re.search(r"http\S+/connect/zoom/organization/[\w-]+", admins.locator("main").inner_text())
    assert found
    return found[0]


def follow(page: Page, link: str, person: str) -> None:
    page.goto(link)
    page.get_by_role("link", name="Continue to Zoom").click()
    page.get_by_role("button", name=person).click()


@pytest.fixture
def connected(admins: Page, visit: Visit, settled: Settled) -> Page:
    """Paula, who owns the account at Zoom and has none in Bridge, has followed Adam's link, and he has confirmed."""
    link = make_link(admins)
    stranger = visit("phone", **CLOCK)
    follow(stranger, link, "Paula Paid")
    stranger.get_by_role("button", name="Authorize").click()
    expect(stranger.get_by_text("Your Zoom account has arrived.")).to_be_visible()
    admins.goto("/dashboard/")
    admins.get_by_role("link", name="Look and confirm").click()
    expect(admins.locator("main")).to_contain_text("paula@acme.example")
    admins.get_by_role("button", name="Confirm this account").click()
    settled()
    return admins


@pytest.fixture
def booked(visit: Visit, mina: Membership, settled: Settled) -> Callable[[], Meeting]:
    """Ivan books a time with Mina; the meeting that was made for it."""
    factories.scheduler(mina, slug="intro")
    guest = visit("phone", timezone_id="Asia/Kathmandu")

    def book() -> Meeting:
        guest.goto("/mina-sol/intro")
        invitee.next_month(guest)
        invitee.pick(guest)
        invitee.fill(guest)
        invitee.book(guest)
        settled()
        return Meeting.objects.latest("pk")

    return book


def hosts_email(zoom: ZoomSimulator, meeting: Meeting) -> str:
    return zoom.user(zoom.meeting(meeting.external_id).host_id).email


def in_conferencing(page: Page) -> None:
    page.goto("/account/conferencing")


@pytest.mark.row("CL-1", "CL-5", "CL-6", "CL-7", "CL-8", "CL-10", "CL-19", "CL-20")
def test_a_zoom_admin_without_an_account_connects_it_for_everybody(connected: Page, booked, acme, mina) -> None:
    expect(connected.locator("main")).to_contain_text("connected by paula@acme.example")
    row = connected.get_by_role("row", name="Mina Sol")
    expect(row).to_contain_text("Connected")
    expect(row).to_contain_text("Organization")
    expect(row).to_contain_text("mina@example.org")
    expect(connected.get_by_role("row", name="Adam Reed")).to_contain_text("Not connected")

    meeting = booked()

    assert meeting.place == "zoom"
    assert hosts_email(acme, meeting) == mina.user.email
    assert SetupLink.objects.get().used_at


@pytest.mark.row("CL-4", "CL-9")
def test_the_wrong_person_follows_the_link(admins: Page, visit: Visit, acme) -> None:
    link = make_link(admins)
    wrong = visit("phone", **CLOCK)
    follow(wrong, link, "Pedro Paid")
    expect(wrong.get_by_text("An account admin is required")).to_be_visible()
    assert not Grant.objects.exists()

    acme.switches.members_pass = True
    follow(wrong, link, "Pedro Paid")
    wrong.get_by_role("button", name="Authorize").click()
    expect(wrong.get_by_role("heading", name="Zoom was not connected")).to_be_visible()
    expect(wrong.get_by_text("pedro@acme.example is not an admin of the Zoom account")).to_be_visible()
    assert not Grant.objects.exists()
    assert not Arrival.objects.exists()

    go_to_zoom(admins)
    admins.get_by_role("button", name="Revoke").click()
    expect(admins.get_by_text("The link is revoked")).to_be_visible()
    wrong.goto(link)
    expect(wrong.get_by_role("heading", name="This link is not open any more")).to_be_visible()


@pytest.mark.row("CL-11", "CL-16", "CL-17", "CL-18")
def test_personal_over_organization_and_back(connected: Page, visit: Visit, booked, acme, mina) -> None:
    page = visit("desktop", **CLOCK)
    host.sign_in(page, mina)
    in_conferencing(page)
    expect(page.get_by_text("mina@example.org, via your organization")).to_be_visible()
    page.goto("/connect/zoom?next=/account/conferencing")
    page.get_by_role("button", name="Pedro Paid").click()
    page.get_by_role("button", name="Authorize").click()
    expect(host.account(page, "pedro@acme.example")).to_contain_text("Connected")
    expect(page.get_by_text("via your organization")).to_have_count(0)
    assert hosts_email(acme, booked()) == "pedro@acme.example"

    host.account(page, "pedro@acme.example").get_by_role("link", name="Disconnect").click()
    page.get_by_role("button", name="Disconnect").click()
    in_conferencing(page)
    expect(page.get_by_text("mina@example.org, via your organization")).to_be_visible()
    assert hosts_email(acme, booked()) == mina.user.email
    assert Connection.objects.get().is_shared

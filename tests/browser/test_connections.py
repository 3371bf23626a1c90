"""Accounts at Zoom as a host meets them: consent in all its kinds, several accounts, the default, ends and repairs."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from integrations.models import Connection
from scheduling import leftovers
from scheduling.models import Meeting, Scheduler
from tests.browser import host, invitee
from tests.browser.conftest import Settled, Visit

pytestmark = pytest.mark.browser

PAULA, PEDRO = "paula@acme.example", "pedro@acme.example"


@pytest.fixture
def page(visit: Visit, olga, zoom) -> Page:
    """Olga's, signed in, on the schedulers overview."""
    page = visit("desktop", timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    host.open_panel(page)
    return page


def in_panel(page: Page, email: str):
    return host.account(host.open_panel(page), email)


@pytest.mark.row("CB-6", "CB-7")
def test_an_account_that_approves_apps_first(page: Page, zoom) -> None:
    host.connect(page, "Wendy Waits", consents=False)
    page.get_by_role("button", name="Request approval").click()
    expect(page.get_by_text("Your Zoom admin was asked")).to_be_visible()

    page.goto("/dashboard/?panel=open")
    host.open_panel(page)
    host.connect(page, "Gerda Guard", consents=False)
    page.get_by_role("button", name="Pre-approve for the account").click()
    page.get_by_role("button", name="Authorize").click()
    expect(in_panel(page, "gerda@guarded.example")).to_contain_text("Connected")

    host.connect(page, "Wendy Waits")
    expect(in_panel(page, "wendy@guarded.example")).to_contain_text("Connected")


@pytest.mark.row("CB-7", "CB-8", "CR-6")
def test_a_refusal_leaves_nothing_and_says_what_to_do(page: Page, visit: Visit) -> None:
    host.connect(page, "Pedro Paid", consents=False)
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("heading", name="Zoom was not connected")).to_be_visible()
    expect(page.get_by_text("You did not allow Bridge at Zoom")).to_be_visible()
    page.get_by_text("Zoom says that the app is not approved?").click()
    page.get_by_role("button", name="Copy message").click()
    expect(page.get_by_text("Copied").first).to_be_visible()

    page.get_by_role("link", name="Connect Zoom again").click()
    page.get_by_role("button", name="Fred Free").click()
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("alert")).to_contain_text("Bridge needs a paid plan")
    page.get_by_role("link", name="Back to where you were").click()
    expect(host.open_panel(page)).to_contain_text("No account is connected yet.")
    assert not Connection.objects.exists()


@pytest.mark.row("CB-10", "CB-11", "CB-12", "CB-13")
def test_two_accounts_and_one_of_them_hosts(page: Page, scheduler: Scheduler, zoom, settled: Settled) -> None:
    host.connect(page, "Paula Paid")
    host.connect(page, "Pedro Paid")
    host.connect(page, "Paula Paid", consents=False)  # known there already: straight back
    expect(page.get_by_text(f"Zoom account {PAULA} is connected.")).to_be_visible()
    assert sorted(Connection.objects.values_list("grant__email", flat=True)) == [PAULA, PEDRO]

    page.get_by_role("link", name="Edit Intro call").click()
    page.get_by_label("Place", exact=True).select_option(label=f"Zoom with {PEDRO}")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".scheduler")).to_contain_text(f"Zoom · {PEDRO}")
    book(page, settled)
    assert [len(zoom.meetings(email)) for email in (PAULA, PEDRO)] == [0, 1]

    disconnect(page, PEDRO, "Intro call")
    expect(in_panel(page, PAULA)).to_contain_text("Connected")
    expect(host.panel(page)).not_to_contain_text(PEDRO)
    assert len(zoom.meetings(PEDRO)) == 1


@pytest.mark.row("IN-1", "IN-2", "IN-3", "IN-11", "CR-4", "CR-5")
def test_the_default_goes_to_zoom_and_back(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Make default Bridge")).wait_for(state="detached")
    page.locator(".account-menu summary").click()
    page.get_by_role("navigation", name="Your account").get_by_role("link", name="Conferencing services").click()
    page.get_by_role("link", name="Add Conferencing Service").click()
    expect(page.get_by_text("You need a paid Zoom plan")).to_be_visible()
    host.connect(page, "Paula Paid", "Continue to Zoom")
    page.get_by_role("button", name=f"Make default {PAULA}").click()
    expect(host.account(page, PAULA).locator(".badge")).to_have_text("Default")
    page.get_by_role("button", name=re.compile("^Make default")).click()
    expect(page.locator(".row", has_text="Bridge room").locator(".badge")).to_have_text("Default")
    page.get_by_role("button", name=f"Make default {PAULA}").click()
    page.get_by_role("link", name=f"Disconnect {PAULA}").click()
    expect(page.get_by_text("own room becomes the default")).to_be_visible()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.locator(".row", has_text="Bridge room").locator(".badge")).to_have_text("Default")


@pytest.mark.row("IN-9", "IN-22")
def test_an_uninstall_at_zoom_is_told_and_repaired(page: Page, scheduler: Scheduler, zoom, settled: Settled) -> None:
    host.connect(page, "Paula Paid")
    make_default(page)
    book(page, settled)
    page.goto(f"{settings.ZOOM_OAUTH_URL}/user/installed")
    page.get_by_role("button", name="Remove Bridge").click()
    expect(page.get_by_text("No user has added an app yet.")).to_be_visible()
    page.goto("/dashboard/")
    book(page, settled, day=1)

    page.goto("/dashboard/")
    expect(page.get_by_role("complementary", name="Needs action")).to_be_visible()
    row = in_panel(page, "Access was taken back")
    expect(row).not_to_contain_text(PAULA)
    row.get_by_role("link", name="Reconnect").click()
    page.get_by_role("button", name="Paula Paid").click()
    page.get_by_role("button", name="Authorize").click()
    expect(in_panel(page, PAULA)).to_contain_text("Connected")
    settled()
    page.goto("/dashboard/")
    expect(page.get_by_role("complementary", name="Needs action")).to_have_count(0)
    assert set(Meeting.objects.values_list("state", flat=True)) == {"ready"}


@pytest.mark.row("G-49", "ZM-41")
def test_a_failing_zoom_is_explained_and_try_now_heals_it(
    page: Page, scheduler, zoom, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "CLEAR", timedelta(seconds=2))  # the simulated Zoom lists a meeting at once
    host.connect(page, "Paula Paid")
    make_default(page)
    page.goto(f"{settings.ZOOM_OAUTH_URL}/control")
    page.get_by_label("What goes wrong").select_option(label="Zoom is down (503) until cleared")
    page.get_by_role("button", name="Let it happen").click()
    expect(page.get_by_text("hit 0 of all")).to_be_visible()
    page.goto("/dashboard/")
    guest = book(page, settled)
    expect(guest.get_by_text("The link follows by mail")).to_be_visible()

    host.go_to(page, "Bookings")
    row = page.locator(".booking", has_text="Ivan Invitee")
    expect(row).to_contain_text("Trying again")
    expect(row).to_contain_text("Zoom")
    page.goto(f"{settings.ZOOM_OAUTH_URL}/control")
    page.get_by_role("button", name="Clear all faults").click()
    expect(page.get_by_text("Everything works.")).to_be_visible()
    page.goto("/dashboard/")
    host.go_to(page, "Bookings")
    page.get_by_role("button", name="Try now Ivan Invitee").click()
    expect(page.get_by_text("We are trying again now.")).to_be_visible()
    expect(page.locator("#place")).to_contain_text("Ready", timeout=40_000)  # by itself; it looks first, then makes
    host.go_to(page, "Bookings")
    expect(row).to_contain_text("Ready")
    join = row.get_by_role("link", name="Join Ivan Invitee")
    with page.context.expect_page() as opened:
        join.click()
    expect(opened.value.get_by_role("heading", name="Intro call")).to_be_visible()


def book(page: Page, settled: Settled, *, day: int = 0) -> Page:
    """In a tab of its own; what it looks like once the worker is done."""
    guest = page.context.new_page()
    guest.goto("/olga-berg/intro")
    invitee.next_month(guest)
    invitee.pick(guest, day=day)
    invitee.fill(guest)
    invitee.book(guest)
    settled()
    guest.reload()
    return guest


def make_default(page: Page) -> None:
    page.get_by_role("button", name=f"Make default {PAULA}").click()
    expect(page.get_by_text("Zoom is your default for new bookings.")).to_be_visible()


def disconnect(page: Page, email: str, affected: str) -> None:
    """After the dry run, which says what it touches and changes nothing."""
    in_panel(page, email).get_by_role("link", name=f"Disconnect {email}").click()
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(affected)
    page.get_by_role("link", name="Keep it").click()
    in_panel(page, email).get_by_role("link", name=f"Disconnect {email}").click()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text(f"{email} is disconnected.")).to_be_visible()

"""The main job, end to end: a newcomer, her Zoom account, her link; an invitee far away; the meeting moved and gone."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, expect

from scheduling.models import Schedule
from tests.browser import host, invitee
from tests.browser.conftest import Settled, Visit

pytestmark = pytest.mark.browser

ZOOM = "paula@acme.example"


def closed_day() -> date:
    """A Tuesday in the middle of next month."""
    first = (localdate().replace(day=1) + timedelta(days=32)).replace(day=8)
    return first + timedelta(days=(1 - first.weekday()) % 7)


@pytest.mark.row("CB-1", "CB-2", "CB-3", "CB-4", "CB-5", "CB-9", "IN-5", "IN-6", "IN-7", "G-34", "G-35", "G-69")
def test_from_sign_up_to_a_meeting_that_moves_and_goes(visit: Visit, zoom, settled: Settled, device: str) -> None:
    page = visit(device, timezone_id="Europe/Berlin")
    host.sign_up(page, "Nora Newcomer", "nora@example.org")
    expect(page.get_by_role("heading", name="Three steps to your first booking")).to_be_visible()
    choose_address(page)
    connect_zoom(page)
    set_hours(page)
    share_link(page)

    guest = visit(device, timezone_id="Asia/Kathmandu")
    clock = book_from_far_away(guest)
    settled()
    (meeting,) = zoom.meetings(ZOOM)
    assert meeting.duration == 30
    check_join_link(guest, zoom.join_url(meeting), clock)
    expect(in_simulator(guest, "Intro call: Ivan Invitee")).to_contain_text("Planned")
    check_booking(page, "Upcoming", "Ready")

    moved = reschedule(guest)
    settled()
    assert [found.id for found in zoom.meetings(ZOOM)] == [meeting.id]
    assert zoom.meeting(meeting.id).start == datetime.fromisoformat(moved)

    cancel(guest)
    settled()
    assert zoom.meetings(ZOOM) == []
    expect(in_simulator(guest, "Intro call: Ivan Invitee")).to_contain_text("Deleted")
    check_booking(page, "Cancelled", "Nothing to join")


def choose_address(page: Page) -> None:
    """In the panel, which folds by keyboard and says how it stands."""
    summary = host.panel(page).locator("summary")
    expect(summary).to_contain_text("Show")
    summary.focus()
    page.keyboard.press("Enter")
    expect(summary).to_contain_text("Hide")
    expect(summary).to_contain_text("no account connected yet")
    page.get_by_label("Custom URL").fill("nora")
    expect(page.locator("#custom-url-check")).to_contain_text("5 to 25")
    page.get_by_label("Custom URL").fill("nora-newcomer")
    expect(page.get_by_text("This address is free.")).to_be_visible()
    page.get_by_role("button", name="Save custom URL").click()
    expect(host.panel(page).locator("summary")).to_contain_text("/nora-newcomer")


def connect_zoom(page: Page) -> None:
    host.open_panel(page)
    host.connect(page, "Paula Paid")
    expect(page.get_by_text(f"Zoom account {ZOOM} is connected.")).to_be_visible()
    expect(host.account(host.open_panel(page), ZOOM)).to_contain_text("Connected")


def set_hours(page: Page) -> None:
    """Only mornings on a Tuesday, and one date closed."""
    host.go_to(page, "Availability")
    page.get_by_role("link", name=re.compile("^Edit")).click()
    page.get_by_label("Tuesday, to").fill("12:00")
    page.get_by_role("button", name="Add a date").click()
    page.get_by_label("Date", exact=True).fill(closed_day().isoformat())
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Closed")).to_be_visible()
    assert Schedule.objects.get().time_zone == "Europe/Berlin"


def share_link(page: Page) -> None:
    """A scheduler with two durations; its preview explains itself; off and on."""
    host.go_to(page, "Schedulers")
    host.create_scheduler(page, "Intro call", "15, 30", "Zoom")
    ask_why(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied").first).to_be_visible()
    host.go_to(page, "Schedulers")
    switch = page.get_by_role("switch", name="Intro call")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    assert page.context.request.get("/nora-newcomer/intro-call").status == 404
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")


def ask_why(page: Page) -> None:
    page.get_by_label("Date", exact=True).fill(closed_day().isoformat())
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".reasons")).to_contain_text("is closed in")
    page.get_by_label("Date", exact=True).fill((closed_day() + timedelta(days=7)).isoformat())
    page.get_by_label(re.compile("^Time")).fill("14:00")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".reasons")).to_contain_text("outside the hours")


def book_from_far_away(page: Page) -> str:
    page.goto("/nora-newcomer")
    page.get_by_role("link", name="Intro call").click()
    expect(page.locator("#zone")).to_contain_text("Kathmandu")
    expect(page.locator("#zone")).to_contain_text("UTC+05:45")
    page.get_by_role("link", name="30 minutes").click()
    invitee.next_month(page)
    clock = invitee.pick(page, day=2, time=1)
    invitee.fill(page)
    invitee.book(page)
    expect(page.locator(".proof__when")).to_contain_text(clock)
    expect(page.locator(".proof__when")).to_contain_text("Kathmandu")
    return clock


def check_join_link(page: Page, join_url: str, clock: str) -> None:
    """On the page the invitee has open, and in his mail as text and as HTML."""
    page.reload()
    expect(page.get_by_role("link", name="Join")).to_have_attribute("href", join_url)
    text = invitee.mail(page, "Intro call")
    expect(text).to_contain_text(clock)
    expect(text).to_contain_text("Reschedule or cancel")
    expect(page.get_by_role("link", name="booking.ics")).to_be_visible()
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Join the meeting").click()
    expect(opened.value.get_by_text("The real Zoom would open the video meeting here.")).to_be_visible()


def reschedule(page: Page) -> str:
    """From the link in the mail. When the meeting starts now, in UTC."""
    invitee.mail(page, "Intro call").get_by_role("link", name="/b/").click()
    page.get_by_role("link", name="Reschedule").click()
    invitee.next_month(page)
    invitee.pick(page, day=3, time=2)
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    start = page.locator(".proof__when time").get_attribute("datetime")
    assert start
    return start


def cancel(page: Page) -> None:
    invitee.mail(page, "Moved").get_by_role("link", name="/b/").click()
    page.get_by_role("link", name="Cancel booking").click()
    page.get_by_label("Why?").fill("I am ill.")
    page.get_by_role("button", name="Cancel the booking").click()
    expect(page.get_by_role("heading", name="This booking is cancelled")).to_be_visible()


def in_simulator(page: Page, topic: str) -> Locator:
    page.goto(settings.ZOOM_OAUTH_URL)
    return page.get_by_role("row", name=topic)


def check_booking(page: Page, tab: str, state: str) -> None:
    host.go_to(page, "Bookings")
    page.get_by_role("navigation", name="Which bookings").get_by_role("link", name=tab).click()
    expect(page.locator(".booking", has_text="Ivan Invitee")).to_contain_text(state)

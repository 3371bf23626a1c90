"""Everything an invitee does, with JavaScript off; and the host's forms."""

import re

import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Booking, Scheduler, WeeklyHours
from tests.browser import host, invitee
from tests.browser.conftest import Settled, Visit

pytestmark = pytest.mark.browser


@pytest.mark.row("G-25", "G-27", "G-34", "G-35")
def test_booking_moving_and_cancelling(visit: Visit, scheduler: Scheduler, settled: Settled) -> None:
    page = visit("phone", java_script_enabled=False)
    page.goto("/olga-berg/intro")
    choose_zone(page, "Nepal", "Kathmandu")
    invitee.next_month(page)
    clock = invitee.pick(page, day=1, time=1)
    invitee.fill(page, name=" ")
    invitee.book_in_vain(page, "Please tell your name")
    invitee.fill(page)
    invitee.book(page)
    expect(page.locator(".proof__when")).to_contain_text(clock)
    assert Booking.objects.get().invitee_time_zone == "Asia/Kathmandu"

    settled()
    invitee.mail(page, "Confirmed").get_by_role("link", name="/b/").click()
    page.get_by_role("link", name="Reschedule").click()
    choose_zone(page, "Lima", "Lima")
    invitee.next_month(page)
    invitee.pick(page, day=2)
    page.get_by_role("button", name="Move it").click()
    page.get_by_role("link", name="Cancel booking").click()
    page.get_by_role("button", name="Cancel the booking").click()
    expect(page.get_by_role("heading", name="This booking is cancelled")).to_be_visible()
    assert Booking.objects.get().is_cancelled


def test_the_dashboards_forms(visit: Visit, olga, zoom) -> None:
    page = visit("desktop", java_script_enabled=False)
    host.sign_in(page, olga)
    host.open_panel(page)
    page.get_by_label("Custom URL").fill("olga-harbour")
    page.get_by_role("button", name="Save custom URL").click()
    expect(host.panel(page).locator("summary")).to_contain_text("/olga-harbour")
    host.open_panel(page)
    host.connect(page, "Paula Paid")
    host.go_to(page, "Availability")
    page.get_by_role("link", name=re.compile("^Edit")).click()
    page.get_by_role("button", name="Remove these hours of Monday").click()
    page.get_by_role("button", name="Add hours Sunday").click()
    page.get_by_label("Sunday, from").fill("10:00")
    page.get_by_label("Sunday, to").fill("11:30")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert [hours.weekday for hours in WeeklyHours.objects.order_by("weekday")] == [1, 2, 3, 4, 6]
    host.go_to(page, "Schedulers")
    host.create_scheduler(page, "Intro call", "30", "Phone", detail="I call you")
    expect(page.get_by_text("Phone")).to_be_visible()


def choose_zone(page: Page, asked: str, city: str) -> None:
    page.locator("#zone summary").click()
    page.get_by_label("City or country").fill(asked)
    page.get_by_role("button", name="Search").click()
    page.locator(".zone__found").get_by_role("link", name=re.compile(city)).click()
    expect(page.locator("#zone summary")).to_contain_text(city)

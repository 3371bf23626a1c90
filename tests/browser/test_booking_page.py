"""The booking page as a browser sees it: the zone of the device, what comes over the wire, nothing that jumps."""

import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Booking
from tests.scheduling.invitee import TEN, url

pytestmark = pytest.mark.browser


@pytest.mark.row("G-25")
def test_the_zone_of_the_device_is_found_and_kept_in_the_address(visit, scheduler):
    page: Page = visit(timezone_id="America/New_York")

    page.goto("/olga-berg/intro?month=2027-03")

    expect(page.get_by_text("New York UTC-05:00")).to_be_visible()
    assert "zone=America" in page.url
    assert "month=2027-03" in page.url
    page.goto("/olga-berg/intro?day=2027-03-01")
    expect(page.get_by_role("link", name="03:00")).to_be_visible()


@pytest.mark.row("G-25", "G-27")
def test_without_scripts_the_zone_is_searched_and_chosen(visit, scheduler):
    page: Page = visit("phone", java_script_enabled=False, timezone_id="Asia/Kathmandu")

    page.goto("/olga-berg/intro?day=2027-03-01")
    page.get_by_text("Change time zone").click()
    page.get_by_label("City or country").fill("nepal")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Kathmandu").click()

    expect(page.get_by_text("Kathmandu UTC+05:45")).to_be_visible()
    expect(page.get_by_role("link", name="13:45")).to_be_visible()
    assert "day=2027-03-01" in page.url


def test_back_and_reload_keep_the_place(visit, scheduler):
    page: Page = visit(timezone_id="Europe/Berlin")
    page.goto("/olga-berg/intro?month=2027-03")
    page.get_by_role("link", name="Wednesday, 3 March 2027").click()
    page.get_by_role("link", name="10:30").click()
    expect(page.get_by_text("Wednesday, 3 March 2027, 10:30 – 11:00")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Wednesday, 3 March 2027, 10:30 – 11:00")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Wednesday, 3 March")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Monday, 1 March")).to_be_visible()


def test_two_clicks_and_the_way_back_make_one_booking(visit, scheduler):
    page: Page = visit(timezone_id="Europe/Berlin")
    page.goto(url(scheduler, TEN))
    page.get_by_label("Your name").fill("Ivan Invitee")
    page.get_by_label("Your e-mail").fill("ivan@example.com")
    page.wait_for_timeout(1_100)  # nobody fills in a form in less
    page.get_by_role("button", name="Book").dblclick()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()

    page.go_back()  # to the form, or, where the browser asks again, to the news that this time is gone
    button = page.get_by_role("button", name="Book")
    expect(button.or_(page.get_by_text("This time is not free any more."))).to_be_visible()
    if button.count():
        button.click()
        expect(page.get_by_role("heading", name="You are booked")).to_be_visible()

    assert Booking.objects.count() == 1


def test_the_first_load_is_light_and_nothing_jumps(visit, scheduler):
    page: Page = visit("phone", timezone_id="Europe/Berlin")
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))

    page.goto("/olga-berg/intro")
    page.wait_for_load_state("networkidle")

    shifted = page.evaluate(
        """() => new Promise((resolve) => {
            let moved = 0;
            new PerformanceObserver((list) => { for (const entry of list.getEntries()) moved += entry.value; })
                .observe({ type: "layout-shift", buffered: true });
            setTimeout(() => resolve(moved), 300);
        })"""
    )
    assert len(sizes) <= 6
    assert sum(sizes) < 50_000  # before compression
    assert shifted == 0

"""The booking page as a browser sees it: the zone of the device, what comes over the wire, nothing that jumps."""

import pytest
from playwright.sync_api import Locator, Page, expect

from scheduling.models import Booking
from tests.scheduling.invitee import TEN, url

pytestmark = pytest.mark.browser

SHIFTS = """globalThis.shifts = [];
new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value)))
    .observe({ type: "layout-shift", buffered: true });"""
SHOWS_FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    return document.activeElement === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""


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


@pytest.mark.parametrize("time_zone", ["Europe/Berlin", "Asia/Kathmandu"])
def test_the_first_load_is_light_and_nothing_jumps(visit, scheduler, time_zone):
    """At home, and far away, where the page is asked for once more with the zone of the device."""
    page: Page = visit("phone", timezone_id=time_zone)
    page.add_init_script(SHIFTS)
    sizes = transfers(page)

    page.goto("/olga-berg/intro")
    page.wait_for_load_state("networkidle")

    expect(page.locator("#zone")).to_contain_text(time_zone.split("/")[1])
    assert len(sizes) <= 6 + (time_zone != "Europe/Berlin")
    assert sum(sizes) < 50_000  # with headers, before compression
    assert page.evaluate("() => shifts") == []


def test_the_whole_booking_by_keyboard(visit, scheduler, device):
    page: Page = visit(device, timezone_id="Europe/Berlin")
    page.goto("/olga-berg/intro?month=2027-03")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()

    press(page, page.get_by_text("Change time zone").locator("xpath=.."))
    expect(page.get_by_label("City or country")).to_be_visible()
    press(page, page.get_by_role("link", name="Wednesday, 3 March 2027"))
    expect(page.get_by_role("heading", name="Wednesday, 3 March")).to_be_visible()
    press(page, page.get_by_role("link", name="10:30"))
    reach(page, page.get_by_label("Your name"))
    page.keyboard.type("Ivan Invitee")
    page.keyboard.press("Tab")
    page.keyboard.type("ivan@example.com")
    page.wait_for_timeout(1_100)
    press(page, page.get_by_role("button", name="Book"))

    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    assert Booking.objects.count() == 1


def test_enter_in_a_field_books(visit, scheduler):
    page: Page = visit(timezone_id="Europe/Berlin")
    page.goto("/olga-berg/intro?month=2027-03&day=2027-03-03")
    page.get_by_role("link", name="10:30").click()
    page.get_by_label("Your name").fill("Ivan Invitee")
    page.wait_for_timeout(1_100)
    page.get_by_label("Your name").press("Enter")
    expect(page.get_by_text("Not booked yet: please look at the marked fields.")).to_be_visible()

    page.get_by_label("Your e-mail").fill("ivan@example.com")
    page.get_by_label("Your e-mail").press("Enter")

    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    assert Booking.objects.count() == 1


def reach(page: Page, target: Locator) -> None:
    """Tab after tab; whatever has the focus shows it."""
    expect(target).to_be_visible()
    for _tab in range(80):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS)
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"No tab leads to {target}")


def press(page: Page, target: Locator) -> None:
    reach(page, target)
    page.keyboard.press("Enter")


def transfers(page: Page) -> list[int]:
    """The bytes of each answer that comes over the wire from now on; what is in the browser already counts nothing."""
    sizes: list[int] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda done: sizes.extend({int(done["encodedDataLength"])} - {0}))
    return sizes

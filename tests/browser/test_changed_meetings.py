"""A host moves and deletes meetings at Zoom itself: Bridge shows it, and he decides what holds."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from accounts.models import Email
from scheduling import leftovers, tasks
from scheduling.models import Booking, Meeting, Scheduler
from tests.browser import host, invitee
from tests.browser.conftest import Settled, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit: Visit, olga, zoom, scheduler: Scheduler, settled: Settled) -> Page:
    """Olga's, with her account at Zoom and a booking that Ivan made."""
    guest = visit(timezone_id="Asia/Kathmandu")
    page = visit(timezone_id="Europe/Berlin", java_script_enabled=False)
    host.sign_in(page, olga)
    host.open_panel(page)
    host.connect(page, "Paula Paid")
    scheduler.place = "zoom"
    scheduler.save()
    guest.goto("/olga-berg/intro")
    invitee.next_month(guest)
    invitee.pick(guest)
    invitee.fill(guest)
    invitee.book(guest)
    settled()
    return page


def at_zoom(page: Page, button: str, *, start: datetime | None = None) -> None:
    """What its host does there, on the page where the simulated Zoom lets one do it."""
    page.goto(f"{settings.ZOOM_OAUTH_URL}/control")
    page.get_by_text("Change Intro call: Ivan Invitee").click()
    row = page.get_by_role("row", name="Intro call: Ivan Invitee")
    if start:
        row.get_by_label("Start (Europe/Berlin)").fill(f"{start.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%dT%H:%M}")
    row.get_by_role("button", name=button, exact=True).click()


def the_timetable_comes_round(settled: Settled) -> None:
    """After Zoom has shown for a while what Bridge told it."""
    Meeting.objects.update(settled_at=now() - leftovers.CLEAR)
    tasks.reconcile()
    settled()
    settled()


def open_booking(page: Page, uid) -> None:
    page.goto("/dashboard/")
    page.get_by_role("link", name="See what is wrong").click()
    expect(page.locator(".booking")).to_contain_text("Needs you")
    page.get_by_role("link", name="Decide").click()
    page.wait_for_url(f"**/{uid}")


def test_moved_and_followed_then_deleted_and_made_anew(page: Page, zoom, settled: Settled) -> None:
    """All of it without JavaScript."""
    booking = Booking.objects.get()
    agreed = booking.start
    at_zoom(page, "Move", start=agreed + timedelta(days=1, minutes=15))
    the_timetable_comes_round(settled)
    open_booking(page, booking.uid)
    expect(page.get_by_role("heading", name="This meeting was moved at Zoom.")).to_be_visible()
    page.get_by_role("button", name="Move the booking there").click()
    expect(page.get_by_text("Ivan Invitee is told by mail")).to_be_visible()
    settled()
    booking.refresh_from_db()
    assert booking.start == agreed + timedelta(days=1, minutes=15)
    assert Email.objects.filter(to="ivan@example.com").latest("pk").subject.startswith("Moved")

    old = Meeting.objects.get().join_url
    at_zoom(page, "Delete the meeting")
    the_timetable_comes_round(settled)
    open_booking(page, booking.uid)
    expect(page.get_by_role("heading", name="This meeting was deleted at Zoom.")).to_be_visible()
    page.get_by_role("button", name="Make a new meeting").click()
    expect(page.get_by_text("A new meeting is being made")).to_be_visible()
    settled()
    (made,) = zoom.meetings()
    assert zoom.join_url(made) == Meeting.objects.get().join_url != old
    page.reload()
    expect(page.get_by_role("link", name="Join")).to_have_attribute("href", zoom.join_url(made))
    expect(page.locator("#changed")).to_have_count(0)


def test_moved_and_put_back(page: Page, zoom, settled: Settled) -> None:
    booking = Booking.objects.get()
    told = Email.objects.filter(to="ivan@example.com").count()
    zoom.move_meeting(Meeting.objects.get().external_id, booking.start + timedelta(hours=2))
    the_timetable_comes_round(settled)
    open_booking(page, booking.uid)
    page.get_by_role("button", name="Put the meeting back").click()
    expect(page.get_by_text("It is being put back to what was agreed")).to_be_visible()
    settled()

    assert [made.start for made in zoom.meetings()] == [booking.start]
    assert Email.objects.filter(to="ivan@example.com").count() == told


def test_deleted_and_cancelled(page: Page, zoom, settled: Settled) -> None:
    booking = Booking.objects.get()
    zoom.delete_meeting(Meeting.objects.get().external_id)
    the_timetable_comes_round(settled)
    open_booking(page, booking.uid)
    page.get_by_role("link", name="Cancel the booking too").click()
    page.get_by_role("button", name="Cancel the booking").click()
    expect(page.get_by_text("The booking is cancelled, and Ivan Invitee is told by mail.")).to_be_visible()
    settled()

    assert Email.objects.filter(to="ivan@example.com").latest("pk").subject.startswith("Cancelled")

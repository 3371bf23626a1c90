"""Calendars end to end: a member connects one, an invitee books around what stands there, both sides stay in step."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from accounts.models import Membership
from integrations import defaults
from integrations.models import Calendar, Connection
from integrations.simulators.google.simulator import GoogleSimulator
from scheduling import leftovers
from scheduling.models import BookedEvent, Booking, Meeting, Scheduler
from tests.browser import host, invitee
from tests.browser.conftest import Look, Settled, Visit
from tests.browser.planned import BERLIN

pytestmark = pytest.mark.browser

OLGA = "olga@harbour.example"


def moments(start: datetime, end: datetime) -> dict[str, dict[str, str]]:
    return {
        name: {"dateTime": at.isoformat(), "timeZone": "Europe/Berlin"} for name, at in (("start", start), ("end", end))
    }


def tenth() -> datetime:
    """Of next month, at midnight in Berlin: the tenth free day of its page."""
    today = now().astimezone(BERLIN).date()
    return datetime.combine((today.replace(day=1) + timedelta(days=32)).replace(day=10), datetime.min.time(), BERLIN)


def times_of_the_tenth(page: Page) -> Page:
    page.goto("/olga-berg/intro")
    invitee.next_month(page)
    page.locator("a.day").filter(has_text="10").first.click()
    return page


def book(page: Page, clock: str) -> None:
    times_of_the_tenth(page)
    page.locator(".times__list a", has_text=clock).first.click()
    invitee.fill(page)
    invitee.book(page)


def connect_google(page: Page, person: str) -> None:
    page.goto("/account/calendars")
    page.get_by_role("link", name="Add a calendar").first.click()
    page.get_by_role("link", name="Connect Google").click()
    page.get_by_role("button", name=person).click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(f"Google account {OLGA} is connected.")).to_be_visible()


def time_goes_by() -> None:
    """Enough for what comes back from a provider not to be taken for Bridge's own change."""
    long_ago = now() - leftovers.CLEAR
    BookedEvent.objects.update(settled_at=long_ago)
    Meeting.objects.update(settled_at=long_ago)


@pytest.mark.row("G-41", "G-44", "G-45", "G-46", "ZM-15", "ZM-27")
def test_google_closes_times_holds_the_booking_and_moves_it(
    visit: Visit, look: Look, settled: Settled, olga: Membership, scheduler: Scheduler, connect_zoom, zoom, google
) -> None:
    defaults.make_default(olga, "zoom", connect_zoom(olga))
    google.add_calendar(OLGA, "work@group.calendar.google.com", "Work")
    page, guest = visit("phone", timezone_id="Europe/Berlin"), visit("desktop", timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    connect_google(page, "Olga Berg")
    settled()
    page.goto("/account/calendars")
    expect(page.get_by_role("checkbox", name=OLGA)).to_be_checked()
    page.get_by_role("checkbox", name="Work").check()
    page.get_by_label("Move or cancel the booking").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    look(page, "calendar-journey-ticked")
    settled()

    nine, noon = (tenth() + timedelta(hours=hour) for hour in (9, 12))
    google.make("work@group.calendar.google.com", summary="Workshop", **moments(nine, noon))
    google.push.run()
    settled()
    times_of_the_tenth(guest)
    expect(guest.locator(".times__list a").first).to_contain_text("12:00")
    book(guest, "12:00")
    settled()
    event = BookedEvent.objects.get()
    assert google.event(OLGA, event.external_id).fields["summary"] == "Intro call: Ivan Invitee"

    time_goes_by()
    google.move(OLGA, event.external_id, hours=1)
    google.push.run()
    settled()
    assert Booking.objects.get().start == noon + timedelta(hours=1)
    assert [made.start for made in zoom.meetings()] == [noon + timedelta(hours=1)]
    expect(invitee.mail(guest, "Moved")).to_contain_text("13:00")

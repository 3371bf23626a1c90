"""A Google calendar end to end: it closes times, holds bookings, moves them, becomes unreachable, brings Meet."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from integrations import defaults, rehearsal
from integrations.simulators.google.simulator import GoogleSimulator
from scheduling.models import BookedEvent, Booking, Scheduler
from tests.browser import host, invitee, tenth
from tests.browser.conftest import Look, Settled, Visit

pytestmark = pytest.mark.browser

OLGA, WORK, INTRO = "olga@harbour.example", "work@group.calendar.google.com", "/olga-berg/intro"


def put(google: GoogleSimulator, calendar: str, start: int, end: int) -> None:
    """She does, in Google Calendar, on the tenth."""
    hours = {"start": start, "end": end}
    moments = {name: {"dateTime": tenth.at(hour).isoformat()} for name, hour in hours.items()}
    google.make(calendar, summary="Workshop", **moments)
    google.push.run()


def connect(page: Page) -> None:
    page.goto("/account/calendars")
    page.get_by_role("link", name="Add a calendar").first.click()
    page.get_by_role("link", name="Connect Google").click()
    page.get_by_role("button", name="Olga Berg").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(f"Google account {OLGA} is connected.")).to_be_visible()


@pytest.mark.row("G-41", "G-44", "G-45", "G-46", "ZM-15", "ZM-27")
def test_it_closes_times_holds_the_booking_and_moves_it_with_its_meeting(
    visit: Visit, look: Look, settled: Settled, olga: Membership, scheduler: Scheduler, connect_zoom, zoom, google
) -> None:
    defaults.make_default(olga, "zoom", connect_zoom(olga))
    google.add_calendar(OLGA, WORK, "Work")
    page, guest = visit("phone", timezone_id="Europe/Berlin"), visit("desktop", timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    connect(page)
    settled()
    page.goto("/account/calendars")
    expect(page.get_by_role("checkbox", name=OLGA)).to_be_checked()
    expect(page.get_by_label(f"Bookings go here: {OLGA}")).to_be_checked()
    page.get_by_role("checkbox", name="Work").check()
    page.get_by_label("Move or cancel the booking").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    look(page, "journey-google-ticked")
    settled()

    put(google, WORK, 9, 12)
    settled()
    expect(tenth.times(guest, INTRO).first).to_contain_text("12:00")
    tenth.book(guest, INTRO, "12:00")
    settled()
    event = BookedEvent.objects.get()
    assert google.event(OLGA, event.external_id).fields["summary"] == "Intro call: Ivan Invitee"

    tenth.a_while_passes()
    google.move(OLGA, event.external_id, hours=1)
    google.push.run()
    settled()
    assert Booking.objects.get().start == tenth.at(13)
    assert [made.start for made in zoom.meetings()] == [tenth.at(13)]
    expect(invitee.mail(guest, "Moved")).to_contain_text("13:00")


@pytest.mark.row("G-47")
def test_while_it_cannot_be_reached_nothing_is_offered_and_its_host_sees_why(
    visit: Visit, look: Look, settled: Settled, olga: Membership, scheduler: Scheduler, google
) -> None:
    rehearsal.connect(olga, "google", OLGA)
    settled()
    page, guest = visit("desktop", timezone_id="Europe/Berlin"), visit("phone", timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    expect(tenth.times(guest, INTRO).first).to_be_visible()
    put(google, OLGA, 9, 12)
    settled()
    page.goto(f"/o/{olga.organization.slug}/calendar?view=week&day={tenth.at(0).date().isoformat()}")
    fits = "[...document.querySelectorAll('.planner-item')].map(item => item.scrollWidth <= item.clientWidth)"
    assert page.evaluate(fits) == [True]
    look(page, "journey-google-week")
    google.faults.add("status", status=503, path="/calendar/v3/*")
    sync(page)
    settled()

    guest.goto(INTRO)
    expect(guest.get_by_role("heading", name="No free times")).to_be_visible()
    look(guest, "journey-unreachable-invitee")
    page.goto("/account/calendars")
    expect(page.get_by_text("Until it can be read again, its times are closed.")).to_be_visible()
    expect(page.get_by_text("Last read just now")).to_be_visible()
    look(page, "journey-unreachable-host")
    page.goto(f"/o/{olga.organization.slug}/schedules/intro/preview")
    page.get_by_label("Date", exact=True).fill(tenth.at(0).date().isoformat())
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".reasons")).to_contain_text("cannot be read since")

    google.faults.clear()
    sync(page)
    settled()
    expect(tenth.times(guest, INTRO).first).to_be_visible()


def sync(page: Page) -> None:
    page.goto("/account/calendars")
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_text("Your calendars are being read.")).to_be_visible()


@pytest.mark.row("G-41")
def test_meet_as_the_default_place_makes_a_link_and_one_event(
    visit: Visit, look: Look, settled: Settled, olga: Membership, scheduler: Scheduler, google
) -> None:
    rehearsal.connect(olga, "google", OLGA)
    settled()
    page, guest = visit("phone"), visit("phone", timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    host.open_panel(page)
    page.get_by_role("button", name=f"Make default {OLGA}").click()
    expect(page.get_by_text("your default for new bookings")).to_be_visible()
    look(page, "journey-meet-default")

    tenth.book(guest, INTRO, "09:00")
    settled()
    (event,) = google.events(OLGA)
    guest.reload()
    expect(guest.get_by_role("link", name="Join")).to_have_attribute("href", event.fields["hangoutLink"])
    assert not BookedEvent.objects.exists()

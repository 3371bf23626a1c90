"""A booking as a calendar file that every calendar takes for the same event."""

import uuid
from datetime import timedelta

import pytest
from icalendar import Calendar

from scheduling import bookings, ical, manage_links, places
from scheduling.models import Meeting, MeetingState
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

NINE = MONDAY + timedelta(hours=8)
EVIL = 'Eve: "Q"; x,\r\nX-EVIL: 1\u0007'


def book(scheduler, **details):
    invitee = {"name": "Ivan Invitee", "email": "ivan@example.com", "time_zone": "Asia/Kathmandu"} | details
    return bookings.book(scheduler, start=NINE, duration=30, invitee=InviteeDetails(**invitee), key=uuid.uuid4())


def read(booking, **how):
    calendar = Calendar.from_ical(ical.calendar(booking, **how))
    [event] = calendar.walk("VEVENT")
    return calendar, event


@pytest.mark.row("G-37")
def test_the_identity_stays_and_the_sequence_rises(scheduler):
    booking = book(scheduler)
    _, before = read(booking)

    bookings.reschedule(booking, start=NINE + timedelta(hours=1), by=None)
    _, after = read(booking)
    bookings.cancel(booking, by=None)
    calendar, last = read(booking)

    assert before["UID"] == after["UID"] == last["UID"] == f"{booking.uid}@testserver"
    assert [event["SEQUENCE"] for event in (before, after, last)] == [0, 1, 2]
    assert (calendar["METHOD"], last["STATUS"]) == ("CANCEL", "CANCELLED")


def test_an_invitation_says_who_when_and_where(scheduler):
    booking = book(scheduler)

    calendar, event = read(booking)

    assert (calendar["METHOD"], event["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert event.start == NINE
    assert "DTSTART:20270301T080000Z" in ical.calendar(booking)
    assert event.end == NINE + timedelta(minutes=30)
    assert event["SUMMARY"] == "Intro call: Ivan Invitee – Olga Berg"
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == ("MAILTO:olga@example.org", "Olga Berg")
    assert (event["ATTENDEE"], event["ATTENDEE"].params["CN"]) == ("MAILTO:ivan@example.com", "Ivan Invitee")
    assert event["URL"] == manage_links.url(booking)
    assert event["LOCATION"] == event["CONFERENCE"] == places.join_url(booking.meeting)


def test_the_host_gets_his_own_links(scheduler):
    booking = book(scheduler)

    _, event = read(booking, as_host=True)

    assert event["CONFERENCE"] == places.join_url(booking.meeting, as_host=True)
    assert manage_links.secret(booking) not in str(event)


def test_a_place_without_a_link_is_a_location_only(olga):
    scheduler = factories.scheduler(olga, place="in_person", place_detail="Quay 5,\nHarbour")

    _, event = read(book(scheduler))

    assert event["LOCATION"] == "Quay 5, Harbour"
    assert "CONFERENCE" not in event


def test_a_provider_link_and_its_passcode_stand_in_the_description(scheduler):
    booking = book(scheduler)
    Meeting.objects.update(
        place="zoom", state=MeetingState.READY, join_url="https://zoom.example/j/1?pwd=a,b;c", passcode="1;2"
    )
    booking.refresh_from_db()

    _, event = read(booking)

    assert event["CONFERENCE"] == "https://zoom.example/j/1?pwd=a,b;c"
    assert event["CONFERENCE"].params["LABEL"] == "Zoom"
    assert "Passcode: 1;2" in event["DESCRIPTION"]


def test_what_people_type_cannot_add_lines(scheduler):
    scheduler.name = EVIL
    scheduler.save()
    scheduler.host.name = EVIL
    scheduler.host.save()
    booking = book(scheduler, name=EVIL, notes=f"{EVIL}\nBEGIN:VALARM")
    Meeting.objects.update(place="link", detail=EVIL, join_url="https://x.example/\r\nX-EVIL:1")
    booking.refresh_from_db()

    for as_host in (False, True):
        text = ical.calendar(booking, as_host=as_host)
        assert not [line for line in text.splitlines() if line.startswith(("X-EVIL", "BEGIN:VALARM"))]
        assert "\u0007" not in text
        _, event = read(booking, as_host=as_host)
        assert "BEGIN:VALARM" in event["DESCRIPTION"]


def test_lines_are_folded_and_end_as_the_standard_wants(scheduler):
    text = ical.calendar(book(scheduler, name="Ж" * 100))

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")

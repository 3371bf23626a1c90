"""A member's bookings at a secret address, for calendars that only subscribe."""

import logging
from datetime import UTC, timedelta

import icalendar
import pytest
import recurring_ical_events
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts import encryption, memberships
from bridge.redaction import redact
from scheduling import bookings, feeds, ical, manage_links
from scheduling.models import Booking, CalendarFeed
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

PAGE = "/account/calendars/feed"
SECRETS = ["Ivan", "ivan@example.com", "Ward 7", "room/", "/b/"]


@pytest.fixture
def booked(scheduler):
    """A booking of Olga's, with a room."""

    def book(start=MONDAY + timedelta(hours=8), **fields):
        booking = factories.booking(scheduler, start=start, **{"notes": "Ward 7"} | fields)
        factories.meeting(booking, settled_sequence=0)
        return booking

    return book


@pytest.fixture
def hers(olga, sign_in):
    return sign_in(olga)


def made(olga, **says):
    return feeds.keep(olga, **{"details": True, "private": False} | says)


def path(feed):
    return feeds.address(feed).removeprefix("http://testserver")


def read(client, feed):
    answer = client.get(path(feed))
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.content)


def event(client, feed):
    [found] = read(client, feed).walk("VEVENT")
    return found


def test_an_event_is_the_same_as_in_the_mails(client, olga, booked):
    booking = booked()
    Booking.objects.update(sequence=3)
    booking.refresh_from_db()

    shown = event(client, made(olga))

    [mailed] = icalendar.Calendar.from_ical(ical.calendar(booking, as_host=True)).walk("VEVENT")
    for name in ("UID", "SEQUENCE", "SUMMARY", "LOCATION", "CONFERENCE", "DESCRIPTION", "URL", "ORGANIZER", "STATUS"):
        assert shown[name] == mailed[name], name
    assert (shown.start, shown.end) == (booking.start, booking.end)
    assert "ATTENDEE" not in shown
    assert manage_links.room_url(booking, as_host=True) in shown["DESCRIPTION"]


def test_the_file_is_what_calendars_expect(client, olga, booked):
    long = "Mina 👩‍🚀 Ærø, Õ; \\ and so on " * 3
    booked(invitee_name=long.strip(), notes="One line\nand another; with, commas\\")
    answer = client.get(path(made(olga)))
    lines = answer.content.split(b"\r\n")

    assert answer["Content-Type"] == "text/calendar; method=PUBLISH; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    for line in (b"METHOD:PUBLISH", b"X-WR-CALNAME:Bookings in Harbour", b"REFRESH-INTERVAL;VALUE=DURATION:PT1H"):
        assert line in lines
    assert b"DTSTART:20270301T080000Z" in lines
    [found] = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert long.strip() in found["SUMMARY"]
    assert "One line\nand another; with, commas\\" in found["DESCRIPTION"]


def test_another_reader_of_calendars_finds_it_on_its_day(client, olga, booked):
    booked(start=MONDAY + timedelta(hours=23, minutes=30))

    query = recurring_ical_events.of(read(client, made(olga)))

    [found] = query.at((2027, 3, 1))
    assert found.start.astimezone(UTC) == MONDAY + timedelta(hours=23, minutes=30)
    assert query.at((2027, 3, 3)) == []


def test_what_was_moved_or_cancelled_is_followed(client, olga, booked):
    booking, feed = booked(), made(olga)
    before = event(client, feed)

    bookings.cancel(booking, by=olga.user)
    after = event(client, feed)

    assert before["UID"] == after["UID"]
    assert (before["STATUS"], after["STATUS"], after["TRANSP"]) == ("CONFIRMED", "CANCELLED", "TRANSPARENT")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert "CONFERENCE" not in after


def test_times_alone_say_nothing_else(client, olga, booked):
    booking = booked()
    answer = client.get(path(made(olga, details=False, private=True))).content.decode()

    assert "SUMMARY:Busy" in answer
    assert ical.uid(booking) in answer
    assert [secret for secret in [*SECRETS, "olga", "ORGANIZER"] if secret in answer] == []


@pytest.mark.parametrize(("private", "title"), [(False, "Private Meeting"), (True, "Intro call: Ivan")])
def test_what_is_marked_private_shows_as_its_owner_wants(client, olga, booked, private, title):
    booking = booked()
    factories.calendar_event(factories.calendar(olga), booking.start, is_private=True, reference=booking.marker)

    answer = client.get(path(made(olga, private=private))).content.decode()

    assert title in answer
    assert ("Ward 7" in answer) == private


@pytest.mark.parametrize("details", [True, False])
def test_what_applications_made_stands_there_too(client, olga, details):
    crm = factories.application(olga, name="Acme CRM")
    made = factories.application_event(olga, application=crm, title="Interview, second", description="Room 7")
    shown = event(client, feeds.keep(olga, details=details, private=False))
    text = shown.to_ical().decode()

    assert shown["UID"] == ical.uid(made)
    assert (shown.start, shown["TRANSP"]) == (made.start, "OPAQUE")
    assert shown["SUMMARY"] == ("Interview, second" if details else "Busy")
    assert ("Room 7" in text, "Acme CRM" in text) == (details, details)


def test_it_goes_ninety_days_back_and_is_hers_alone(client, olga, mina, booked):
    today = now().replace(minute=0, second=0, microsecond=0)
    booked(start=today - timedelta(days=91))
    recent = booked(start=today - timedelta(days=89))
    elsewhere = factories.scheduler(factories.membership(olga.user, factories.organization()))
    for scheduler in (factories.scheduler(mina), elsewhere):
        factories.meeting(factories.booking(scheduler))

    assert event(client, made(olga))["UID"] == ical.uid(recent)


def test_unchanged_it_is_not_sent_again(client, olga, booked):
    booked()
    Booking.objects.update(created_at=MONDAY - timedelta(days=90))
    feed = made(olga)
    address = path(feed)
    assert event(client, feed)["DTSTAMP"].dt == MONDAY - timedelta(days=90)  # not when it was asked for
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})
    booked(start=MONDAY + timedelta(hours=12))
    other = client.get(address, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "private, no-cache"
    assert (other.status_code, other["ETag"] != first["ETag"]) == (200, True)


def test_it_asks_the_same_however_many_there_are(client, olga, booked):
    booked()
    address = path(made(olga))
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for hour in (10, 12):
        booked(start=MONDAY + timedelta(hours=hour))
        factories.application_event(olga, start=MONDAY + timedelta(hours=hour + 1))
    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(one) == len(three) == 3


def test_when_it_was_read_is_noted_once_a_minute(client, hers, olga):
    feed = made(olga)
    assert "No calendar has read it yet" in hers.get(PAGE).content.decode()

    client.get(path(feed))
    first = CalendarFeed.objects.get().read_at
    client.get(path(feed))
    assert CalendarFeed.objects.get().read_at == first
    CalendarFeed.objects.update(read_at=first - timedelta(minutes=2))
    client.get(path(feed))

    assert CalendarFeed.objects.get().read_at >= first
    assert "Last read" in hers.get(PAGE).content.decode()


def test_a_wrong_secret_and_one_that_is_over_are_the_same_nothing(client, hers, olga, booked):
    booked()
    old = path(made(olga))
    hers.post(f"{PAGE}/renew")
    new = path(CalendarFeed.objects.get())

    answers, counts = [], []
    for address in (old, "/feeds/never.ics"):
        with CaptureQueriesContext(connection) as queries:
            answers.append(client.get(address))
        counts.append(len(queries))
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert counts == [1, 1]
    assert client.get(new).status_code == 200

    hers.post(f"{PAGE}/end")
    assert client.get(new).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_it_is_made_shown_and_changed_on_its_page(client, hers, olga, booked):
    booked()
    assert PAGE in hers.get("/account/calendars").content.decode()
    empty = hers.get(PAGE)
    assert "no-store" in empty["Cache-Control"]
    assert "can read it" in empty.content.decode()

    hers.post(PAGE, {"says": "details"})
    address = path(CalendarFeed.objects.get())
    assert address in hers.get(PAGE).content.decode()
    assert f'href="webcal://testserver{address}"' in hers.get(PAGE).content.decode()
    assert "Ward 7" in client.get(address).content.decode()

    hers.post(PAGE, {"says": "times", "private": "on"})
    assert "Ward 7" not in client.get(address).content.decode()
    assert hers.post(PAGE, {"says": "all"}).status_code == 422


def test_nothing_of_the_secret_is_kept_or_logged(client, olga, booked, caplog):
    caplog.set_level(logging.DEBUG)
    feed = made(olga)
    secret = path(feed).removeprefix("/feeds/").removesuffix(".ics")
    client.get(path(feed))
    client.get(f"/feeds/{secret}x.ics")

    assert secret not in str(CalendarFeed.objects.values())
    assert encryption.decrypt(feed.sealed_secret, owner=f"feed {feed.uid}") == secret
    assert secret not in "".join(redact(record.getMessage()) for record in caplog.records)
    assert secret not in redact(f'GET /feeds/{secret}.ics HTTP/1.1" 200')


def test_it_ends_with_the_membership(client, olga, mina):
    address = path(made(mina))

    assert "The address" in [loss.label for loss in memberships.losses(mina)]
    memberships.remove(mina, by=olga)

    assert client.get(address).status_code == 404


def test_of_somebody_who_may_not_sign_in_nothing_is_read(client, olga):
    address = path(made(olga))
    olga.user.is_active = False
    olga.user.save()

    assert client.get(address).status_code == 404

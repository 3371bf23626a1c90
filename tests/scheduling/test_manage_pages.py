"""The page behind the link in the invitee's mail."""

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.timezone import now

from scheduling import bookings, manage_links
from scheduling.models import Booking, MeetingState
from tests import factories
from tests.scheduling.invitee import TEN, book

LATER = TEN + timedelta(hours=3)


def text(page) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split()))


@pytest.fixture
def booking(scheduler) -> Booking:
    assert book(Client(), scheduler).status_code == 302
    return Booking.objects.select_related("meeting").get()


@pytest.fixture
def past(scheduler) -> Booking:
    old = factories.booking(scheduler, start=now() - timedelta(days=2))
    factories.meeting(old)
    return old


def link(booking: Booking, part: str = "") -> str:
    return f"/b/{manage_links.secret(booking)}{part}"


def move(client: Client, booking: Booking, start: datetime | str, **more: str):
    start = start if isinstance(start, str) else f"{start:%Y-%m-%dT%H:%MZ}"
    return client.post(link(booking, "/reschedule"), {"start": start, "zone": "Europe/Berlin"} | more)


# --- Looking --------------------------------------------------------------------------------------------------------


def test_it_says_who_when_and_where(client, booking):
    page = text(client.get(link(booking), headers={"Accept-Language": "en-GB"}))

    assert "You are booked" in page
    assert "Olga Berg expects you" in page
    assert "Monday, 1 March 2027, 10:00 – 10:30" in page
    assert "Berlin, UTC+01:00" in page
    assert "Bridge room" in page
    assert "ivan@example.com" in page


def test_the_time_can_be_read_in_another_zone(client, booking):
    assert "14:45 – 15:15" in text(client.get(link(booking, "?zone=Asia/Kathmandu"), headers={"Accept-Language": "de"}))
    assert "10:00 – 10:30" in text(client.get(link(booking, "?zone=../../etc"), headers={"Accept-Language": "de"}))


def test_our_own_room_can_be_joined_at_once(client, booking):
    page = client.get(link(booking))

    assert f'href="{html.escape(manage_links.room_url(booking))}"' in page.content.decode()
    assert "Open the room" in text(page)


def test_a_link_that_is_not_there_yet_is_promised_by_mail(client, booking):
    booking.meeting.place, booking.meeting.state = "zoom", MeetingState.WAITING
    booking.meeting.save()

    page = text(client.get(link(booking)))

    assert "The link follows by mail" in page
    assert "Join" not in page


@pytest.mark.row("IN-9")
def test_the_join_link_is_shown_also_when_its_account_was_disconnected(client, booking):
    meeting = booking.meeting
    meeting.place, meeting.state, meeting.connection = "zoom", MeetingState.DETACHED, None
    meeting.join_url, meeting.passcode = "https://zoom.example/j/123?pwd=abc", "884422"
    meeting.save()

    page = client.get(link(booking)).content.decode()

    assert 'href="https://zoom.example/j/123?pwd=abc"' in page
    assert "884422" in page


@pytest.mark.parametrize(
    ("place", "detail", "shown"),
    [
        ("phone", "I call you: +49 40 1234", "Phone: I call you: +49 40 1234"),
        ("in_person", "Pier 3", "In person: Pier 3"),
    ],
)
def test_a_place_without_a_link_says_what_the_host_said(client, booking, place, detail, shown):
    booking.meeting.place, booking.meeting.detail = place, detail
    booking.meeting.save()

    page = text(client.get(link(booking)))

    assert shown in page
    assert "The link follows" not in page


def test_it_goes_into_calendars_on_the_web(client, booking):
    page = client.get(link(booking)).content.decode()
    found = [html.unescape(url) for url in re.findall(r'href="(https://[^"]+)"', page)]
    google, outlook, office = (
        next(url for url in found if host in url) for host in ("google.com", "outlook.live.com", "outlook.office.com")
    )

    asked = parse_qs(urlsplit(google).query)
    assert asked["action"] == ["TEMPLATE"]
    assert asked["text"] == ["Intro call with Olga Berg"]
    assert asked["dates"] == ["20270301T090000Z/20270301T093000Z"]
    assert asked["location"] == [manage_links.room_url(booking)]
    for url in (outlook, office):
        asked = parse_qs(urlsplit(url).query)
        assert (asked["startdt"], asked["enddt"]) == (["2027-03-01T09:00:00Z"], ["2027-03-01T09:30:00Z"])


def test_the_ics_file_is_a_calendar(client, booking):
    answer = client.get(link(booking, "/booking.ics"))

    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"DTSTART:20270301T090000Z" in answer.content


@pytest.mark.parametrize("part", ["", "/reschedule", "/cancel", "/booking.ics"])
def test_nobody_else_keeps_indexes_or_learns_the_link(client, booking, part):
    answer = client.get(link(booking, part))

    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == ("same-origin" if part in ("/reschedule", "/cancel") else "no-referrer")
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_forged_link_is_told_to_nobody_either(client, db):
    answer = client.get("/b/forged")

    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


# --- Rescheduling ---------------------------------------------------------------------------------------------------


@pytest.mark.row("G-34")
def test_the_invitee_moves_his_booking_by_plain_links_and_a_form(booking):
    client = Client(enforce_csrf_checks=True)
    month = client.get(link(booking, "/reschedule?month=2027-03"))
    day = re.search(r'href="(\?[^"]*day=2027-03-02[^"]*)#', month.content.decode()).group(1)
    times = client.get(link(booking, f"/reschedule{html.unescape(day)}"))
    time = html.unescape(re.search(r'href="(\?[^"]*start=2027-03-02T12:00Z)#', times.content.decode()).group(1))
    form = client.get(link(booking, f"/reschedule{time}"))
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.content.decode()))

    answer = client.post(link(booking, f"/reschedule{time}"), sent)

    booking.refresh_from_db()
    assert answer.headers["Location"] == link(booking)
    assert booking.start == datetime(2027, 3, 2, 12, tzinfo=UTC)
    assert booking.sequence == 1


@pytest.mark.row("G-34")
def test_it_offers_what_is_free_without_the_booking_but_not_its_own_start(client, olga):
    quarter = factories.scheduler(olga, slug="quarter", increment=15)
    book(client, quarter)

    page = client.get(link(Booking.objects.get(), "/reschedule?day=2027-03-01"), headers={"Accept-Language": "de"})

    clocks = [time.clock for time in page.context["times"]]
    assert "10:00" not in clocks
    assert {"09:45", "10:15"} <= set(clocks)


@pytest.mark.row("G-34")
def test_it_keeps_its_length_whatever_the_address_says(client, booking):
    move(client, booking, LATER, duration="480")

    booking.refresh_from_db()
    assert booking.start == TEN


def test_moving_twice_to_the_same_time_is_moving_once(client, booking):
    answers = [move(client, booking, LATER), move(client, booking, LATER)]

    booking.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (booking.start, booking.sequence) == (LATER, 1)


def test_a_time_taken_meanwhile_leaves_the_booking_and_offers_others(client, scheduler, booking):
    book(Client(), scheduler, LATER, email="other@example.com")

    answer = move(client, booking, LATER)

    booking.refresh_from_db()
    assert answer.status_code == 409
    assert "Somebody has just booked this time. Your booking is unchanged." in text(answer)
    assert answer.context["gone"]["nearest"]
    assert booking.start == TEN


@pytest.mark.parametrize(
    "start", ["", "x", "2020-01-06T09:00Z", "2027-03-01T09:07Z", "2099-01-01T09:00Z", "9999-12-31T23:59Z"]
)
def test_a_time_that_is_not_offered_leaves_the_booking(client, booking, start):
    answer = move(client, booking, start)

    booking.refresh_from_db()
    assert answer.status_code == 422
    assert answer.context["alert"]
    assert booking.start == TEN


def test_a_forged_move_is_403_and_leaves_the_booking(booking):
    client = Client(enforce_csrf_checks=True)

    answer = move(client, booking, LATER)

    booking.refresh_from_db()
    assert answer.status_code == 403
    assert booking.start == TEN
    assert "Move your booking?" in text(answer)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))
    assert client.post(link(booking, "/reschedule"), sent).status_code == 302


# --- Cancelling -----------------------------------------------------------------------------------------------------


@pytest.mark.row("G-35")
def test_the_invitee_cancels_and_may_say_why(client, booking):
    asked = client.get(link(booking, "/cancel"))
    answer = client.post(link(booking, "/cancel"), {"reason": "I am <ill>"}, follow=True)

    booking.refresh_from_db()
    assert "Cancel this booking?" in text(asked)
    assert booking.is_cancelled
    assert not booking.cancelled_by_host
    assert booking.cancel_reason == "I am <ill>"
    assert "This booking is cancelled" in text(answer)
    assert "I am <ill>" in text(answer)


@pytest.mark.row("G-35")
def test_no_reason_is_needed_to_cancel(client, booking):
    client.post(link(booking, "/cancel"))

    booking.refresh_from_db()
    assert booking.is_cancelled


def test_cancelling_twice_is_cancelling_once(client, booking):
    answers = [client.post(link(booking, "/cancel"), {"reason": reason}) for reason in ("first", "second")]

    booking.refresh_from_db()
    assert [answer.headers["Location"] for answer in answers] == [link(booking)] * 2
    assert (booking.sequence, booking.cancel_reason) == (1, "first")


@pytest.mark.parametrize("reason", ["x" * 501, "\x00", "turned \u202e around"])
def test_a_reason_that_cannot_be_kept_is_explained_and_nothing_is_cancelled(client, booking, reason):
    answer = client.post(link(booking, "/cancel"), {"reason": reason})

    booking.refresh_from_db()
    assert answer.status_code == 422
    assert answer.context["form"]["reason"].value() == reason
    assert not booking.is_cancelled


def test_a_forged_cancellation_is_403_and_keeps_the_reason(booking):
    answer = Client(enforce_csrf_checks=True).post(link(booking, "/cancel"), {"reason": "Because"})

    booking.refresh_from_db()
    assert answer.status_code == 403
    assert "Because" in answer.content.decode()
    assert not booking.is_cancelled


# --- What cannot be changed any more --------------------------------------------------------------------------------


def test_a_cancelled_booking_says_so_and_offers_another_time(client, booking):
    bookings.cancel(booking, by=booking.host)

    page = client.get(link(booking))

    assert "This booking is cancelled" in text(page)
    assert "Olga Berg cancelled it." in text(page)
    assert "Join" not in text(page)
    assert 'href="/olga-berg/intro"' in page.content.decode()
    assert client.get(link(booking, "/reschedule")).headers["Location"] == link(booking)
    assert client.get(link(booking, "/cancel")).headers["Location"] == link(booking)


def test_a_cancelled_booking_cannot_be_moved(client, booking):
    bookings.cancel(booking, by=None)

    answer = move(client, booking, LATER)

    assert answer.status_code == 409
    assert "This was cancelled before." in text(answer)


def test_a_meeting_that_is_over_cannot_be_changed(client, past):
    page, moved, cancelled = client.get(link(past)), move(client, past, LATER), client.post(link(past, "/cancel"))

    past.refresh_from_db()
    assert "This meeting is over" in text(page)
    assert (moved.status_code, cancelled.status_code) == (409, 409)
    assert not past.is_cancelled


# --- Guessing -------------------------------------------------------------------------------------------------------


def test_guessing_links_is_429_and_leaves_true_links_alone(client, booking, settings):
    settings.ACCOUNT_RATE_LIMITS = {"manage": "2/m/ip"}

    guesses = [client.get(f"/b/guess{number}").status_code for number in range(3)]

    assert guesses == [404, 404, 429]
    assert "Please wait a minute" in text(client.get("/room/guess"))
    assert {client.get(link(booking)).status_code for _ in range(5)} == {200}


def test_too_many_changes_are_429_and_keep_the_reason(client, booking, settings):
    settings.ACCOUNT_RATE_LIMITS = {"manage": "1/m/ip"}

    move(client, booking, "garbage")
    moved, cancelled = move(client, booking, LATER), client.post(link(booking, "/cancel"), {"reason": "Because"})

    booking.refresh_from_db()
    assert (moved.status_code, cancelled.status_code) == (429, 429)
    assert "Because" in cancelled.content.decode()
    assert (booking.start, booking.is_cancelled) == (TEN, False)

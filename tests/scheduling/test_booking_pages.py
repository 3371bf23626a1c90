"""A host's bookings: the list with its filters, the export, one booking, and what can be done to it."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from outbox import outbox
from outbox.models import Intent
from scheduling import places
from scheduling.models import Booking, BookingStatus, Meeting, MeetingState
from tests import factories
from tests.factories import MONDAY


@pytest.fixture
def dashboard(olga, sign_in):
    """Olga's browser, at the pages of her organization."""
    client = sign_in(olga)
    client.base = f"/o/{olga.organization.slug}"
    return client


@pytest.fixture
def booked(scheduler):
    """booked(invitee, start, …): a booking with its place."""

    def book(name="Ivan Invitee", *, start=None, meeting=None, **fields):
        booking = factories.booking(scheduler, start=start or MONDAY + timedelta(hours=9), invitee_name=name, **fields)
        booking.meeting = factories.meeting(booking, **(meeting or {"settled_sequence": 0}))
        return booking

    return book


def listed(dashboard, **filters):
    return dashboard.get(f"{dashboard.base}/bookings", filters).content.decode()


@pytest.mark.row("G-50")
def test_each_booking_stands_where_one_looks_for_it(dashboard, booked):
    moment = now()
    booked("Soon", start=moment + timedelta(days=3))
    booked("Now", start=moment - timedelta(minutes=5))
    booked("Before", start=moment - timedelta(days=3))
    booked("Off", start=moment + timedelta(days=4), status=BookingStatus.CANCELLED)
    booked("Trouble", start=moment + timedelta(days=5), meeting={"state": "failed", "error": "Limit reached."})

    names = {"Soon", "Now", "Before", "Off", "Trouble"}
    shown = {show: {name for name in names if f"<bdi>{name}</bdi>" in listed(dashboard, show=show)} for show in SHOWS}
    assert shown == SHOWS


SHOWS = {
    "today": {"Now"},
    "upcoming": {"Soon", "Now", "Trouble"},
    "past": {"Before"},
    "cancelled": {"Off"},
    "attention": {"Trouble"},
}


@pytest.mark.row("G-50")
def test_filters_live_in_the_address(dashboard, olga, booked):
    booked("Ivan Petrov", invitee_email="ivan@example.com")
    booked("Anna Larsen", invitee_email="anna@nord.example", start=MONDAY + timedelta(hours=11))
    other = factories.scheduler(olga, name="Other", slug="other")
    factories.meeting(factories.booking(other, start=MONDAY + timedelta(hours=13), invitee_name="Ivan Other"))

    assert "Anna Larsen" not in listed(dashboard, q="ivan")
    assert "Anna Larsen" in listed(dashboard, q="NORD.example")
    assert "Ivan Petrov" not in listed(dashboard, q="ivan", scheduler="other")
    assert "Nothing found" in listed(dashboard, q="nobody")
    assert 'value="ivan"' in listed(dashboard, q="ivan")
    assert "?show=past&amp;q=ivan" in listed(dashboard, q="ivan")


@pytest.mark.parametrize(
    "strange",
    [
        {"show": "everything"},
        {"page": "-1"},
        {"page": "9" * 40},
        {"scheduler": "../x"},
        {"q": "\x00"},
        {"q": "x" * 5000},
    ],
)
def test_filters_that_cannot_be_read_do_not_narrow(dashboard, booked, strange):
    booked("Ivan Invitee")

    assert "Ivan Invitee" in listed(dashboard, **strange)


@pytest.mark.parametrize(
    ("languages", "clock", "day"),
    [("en-US", "12:30 AM", "Tuesday, March 2, 2027"), ("en-GB", "00:30", "Tuesday, 2 March 2027")],
)
def test_times_are_the_hosts(dashboard, booked, languages, clock, day):
    booking = booked(start=MONDAY.replace(hour=23, minute=30))
    text = dashboard.get(f"{dashboard.base}/bookings", HTTP_ACCEPT_LANGUAGE=languages).content.decode()

    assert f'">{clock}</time>' in text
    assert f"{day}</time>" in text
    page = dashboard.get(f"{dashboard.base}/bookings/{booking.uid}", HTTP_ACCEPT_LANGUAGE=languages)
    assert f"{day}, {clock} – " in page.content.decode().replace("\xa0", " ")
    assert "shown for Berlin" in text


@pytest.mark.row("ZM-41")
def test_a_meeting_is_joined_with_one_click(dashboard, booked):
    booked(meeting={"place": "zoom", "join_url": "https://zoom.example/j/1", "settled_sequence": 0})
    text = listed(dashboard)

    assert 'href="https://zoom.example/j/1" target="_blank" rel="noopener"' in text


def test_the_room_opens_for_the_host_as_host(dashboard, booked, settings):
    booked()

    assert f'href="{settings.BASE_URL}/room/' in listed(dashboard)


def test_the_link_to_pass_on_is_the_invitees_not_the_hosts(dashboard, booked):
    booking = booked()
    text = dashboard.get(f"{dashboard.base}/bookings/{booking.uid}").content.decode()

    assert f'data-copy="{places.join_url(booking.meeting)}"' in text
    assert f'href="{places.join_url(booking.meeting, as_host=True)}"' in text


def test_there_is_nothing_to_join_once_it_is_cancelled_or_over(dashboard, booked):
    link = {"place": "zoom", "join_url": "https://zoom.example/j/1", "settled_sequence": 0}
    booked(status=BookingStatus.CANCELLED, meeting=link | {"state": "removed"})
    booked(start=now() - timedelta(days=2), meeting=link)

    assert "zoom.example/j/1" not in listed(dashboard, show="cancelled") + listed(dashboard, show="past")


@pytest.mark.row("G-49")
def test_a_row_tells_what_went_wrong_and_offers_to_try_now(dashboard, booked):
    trouble = {"place": "zoom", "state": "failed", "error": "Zoom's daily limit of 100 meetings is reached."}
    booking = booked(meeting=trouble)
    text = listed(dashboard, show="attention")

    assert "Needs you" in text
    assert "daily limit of 100 meetings is reached" in text
    assert f'action="{dashboard.base}/bookings/{booking.uid}/retry"' in text


@pytest.mark.row("G-49")
def test_the_booking_page_tells_the_queue_the_last_error_and_its_details(dashboard, booked):
    trouble = {"place": "zoom", "state": "waiting", "error": "Zoom does not answer.", "error_detail": "HTTP 503 Oops"}
    booking = booked(meeting=trouble)
    outbox.want("meeting", booking.pk, after=timedelta(minutes=20))
    Intent.objects.filter(subject=booking.pk).update(tries=3, last_error="Zoom does not answer.")
    text = dashboard.get(f"{dashboard.base}/bookings/{booking.uid}").content.decode()

    assert "Trying again" in text
    assert "Zoom does not answer." in text
    assert "HTTP 503 Oops" in text
    assert "Next try" in text
    assert "Tries so far" in text
    assert "Try now" in text


@pytest.mark.row("G-49")
def test_try_now_brings_the_next_try_forward(dashboard, booked):
    booking = booked(meeting={"place": "zoom", "state": "failed", "error": "No."})
    outbox.want("meeting", booking.pk)
    Intent.objects.update(stopped=True, due_at=now() + timedelta(hours=1))
    dashboard.post(f"{dashboard.base}/bookings/{booking.uid}/retry")

    intent = Intent.objects.get(kind="meeting", subject=booking.pk)
    assert (intent.stopped, intent.due_at <= now()) == (False, True)


def test_three_bookings_cost_as_many_queries_as_one(dashboard, booked, django_assert_num_queries):
    booked(meeting={"place": "zoom", "state": "failed"})
    listed(dashboard)
    with django_assert_num_queries(30, exact=False) as one:
        listed(dashboard)
    for hour in (11, 13):
        booked(start=MONDAY + timedelta(hours=hour), meeting={"place": "zoom", "state": "failed"})
    with django_assert_num_queries(len(one)):
        listed(dashboard)


def test_long_lists_have_pages(dashboard, booked):
    for number in range(27):
        booked(f"Guest {number}", start=MONDAY + timedelta(hours=number))

    assert "Page 1 of 2" in listed(dashboard)
    assert "Guest 26" in listed(dashboard, page="2")
    assert "?page=2&amp;show=upcoming" in listed(dashboard)


def table_in(answer):
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


@pytest.mark.row("G-50")
def test_the_export_has_what_the_filters_show(dashboard, booked):
    booked("Ivan Petrov", notes="two\nlines")
    booked("Anna Larsen", start=MONDAY + timedelta(hours=11))
    answer = dashboard.get(f"{dashboard.base}/bookings/export", {"q": "ivan petrov"})
    header, row = table_in(answer)

    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    assert (header[0], row[0], row[5]) == ("Start", "2027-03-01T10:00+01:00", "Ivan Petrov")


@pytest.mark.row("G-50")
def test_the_export_tells_how_each_came_and_went(dashboard, booked):
    booked("Zoë Ærø 🎉")
    booked("Off", status=BookingStatus.CANCELLED, cancelled_at=MONDAY, cancel_reason="I am ill.")
    _, row = table_in(dashboard.get(f"{dashboard.base}/bookings/export?show=upcoming"))
    _, gone = table_in(dashboard.get(f"{dashboard.base}/bookings/export?show=cancelled"))

    assert row[5] == "Zoë Ærø 🎉"
    assert (row[13], row[16:]) == ("Asia/Kathmandu", ["", ""])
    assert row[14] == places.join_url(Booking.objects.get(status="confirmed").meeting, as_host=True)
    assert (gone[11], gone[14], gone[16:]) == ("I am ill.", "", ["2027-03-01T01:00+01:00", "Invitee"])


def test_a_long_export_asks_the_same_and_begins_at_once(dashboard, booked):
    booked()
    dashboard.get(f"{dashboard.base}/bookings")
    with CaptureQueriesContext(connection) as one:
        dashboard.get(f"{dashboard.base}/bookings/export").getvalue()
    for hour in (11, 12):
        booked(start=MONDAY + timedelta(hours=hour))
    with CaptureQueriesContext(connection) as three:
        answer = dashboard.get(f"{dashboard.base}/bookings/export")
        first = next(iter(answer.streaming_content))
        rest = b"".join(answer.streaming_content)

    assert len(one) == len(three)
    assert first.startswith(b"\xef\xbb\xbfStart,")  # without the mark, spreadsheets take the letters for others
    assert rest.count(b"\r\n") == 3


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "=cmd|' /C calc'!A0"])
def test_nothing_in_the_export_runs_in_a_spreadsheet(dashboard, booked, formula):
    booked(formula, notes=formula)
    rows = table_in(dashboard.get(f"{dashboard.base}/bookings/export"))

    assert (rows[1][5], rows[1][7]) == (f"'{formula}", f"'{formula}")


def test_a_booking_is_cancelled_with_a_reason(dashboard, booked):
    booking = booked()
    answer = dashboard.post(f"{dashboard.base}/bookings/{booking.uid}/cancel", {"reason": "I am ill."})

    booking.refresh_from_db()
    assert answer.url == f"{dashboard.base}/bookings/{booking.uid}"
    assert (booking.is_cancelled, booking.cancelled_by_host, booking.cancel_reason) == (True, True, "I am ill.")
    assert "You cancelled this booking" in dashboard.get(answer.url).content.decode()


@pytest.mark.parametrize("reason", ["x" * 501, "a\x00b", "\u202eback"])
def test_a_reason_that_cannot_be_is_refused_and_kept(dashboard, booked, reason):
    booking = booked()
    answer = dashboard.post(f"{dashboard.base}/bookings/{booking.uid}/cancel", {"reason": reason})

    booking.refresh_from_db()
    assert answer.status_code == 422
    assert not booking.is_cancelled


def test_what_is_over_is_not_cancelled(dashboard, booked):
    booking = booked(start=now() - timedelta(days=1))
    answer = dashboard.post(f"{dashboard.base}/bookings/{booking.uid}/cancel", {"reason": ""})

    assert answer.status_code == 409
    assert "is over" in answer.content.decode()


def test_a_host_moves_a_booking_to_a_free_time(dashboard, booked):
    booking = booked()
    address = f"{dashboard.base}/bookings/{booking.uid}/reschedule"

    assert 'class="month__grid"' in dashboard.get(address, {"month": "2027-03"}).content.decode()
    asked = dashboard.get(address, {"start": "2027-03-02T12:00Z"}).content.decode()
    assert "Move it there?" in asked
    dashboard.post(address, {"start": "2027-03-02T12:00Z"})

    booking.refresh_from_db()
    assert booking.start == MONDAY + timedelta(days=1, hours=12)
    assert booking.sequence == 1


@pytest.mark.parametrize("start", ["2027-03-02T03:00Z", "2027-03-02T12:01Z", "2020-03-02T12:00Z"])
def test_a_time_that_is_not_offered_changes_nothing(dashboard, booked, start):
    booking = booked()
    answer = dashboard.post(f"{dashboard.base}/bookings/{booking.uid}/reschedule", {"start": start})

    booking.refresh_from_db()
    assert answer.status_code == 409
    assert "not offered" in answer.content.decode()
    assert booking.start == MONDAY + timedelta(hours=9)


def test_a_time_that_is_taken_changes_nothing(dashboard, booked):
    booking = booked()
    booked(start=MONDAY + timedelta(hours=11))
    answer = dashboard.post(f"{dashboard.base}/bookings/{booking.uid}/reschedule", {"start": "2027-03-01T11:00Z"})

    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()


@pytest.mark.parametrize("start", ["", "tomorrow", "9999-99-99T99:99Z", "0001-01-01T00:00Z"])
def test_a_time_that_cannot_be_read_brings_the_calendar_back(dashboard, booked, start):
    answer = dashboard.post(f"{dashboard.base}/bookings/{booked().uid}/reschedule", {"start": start})

    assert answer.status_code == 422
    assert "Please choose a time first." in answer.content.decode()
    assert 'class="month__grid"' in answer.content.decode()


@pytest.mark.row("IN-10")
@pytest.mark.parametrize("change", ["cancel", "reschedule"])
def test_a_change_after_a_disconnect_says_that_it_is_not_carried_over(dashboard, booked, change):
    cut = {"place": "zoom", "state": MeetingState.DETACHED, "external_id": "1", "settled_sequence": 0}
    booking = booked(meeting=cut | {"join_url": "https://zoom.example/j/1"})
    address = f"{dashboard.base}/bookings/{booking.uid}/{change}"

    assert "Zoom is not connected any more." in dashboard.get(address).content.decode()
    after = dashboard.post(address, {"start": "2027-03-02T12:00Z", "reason": ""}, follow=True).content.decode()
    assert "Zoom is not connected any more." in after
    assert ("was not removed there" if change == "cancel" else "was not carried over") in after


def test_another_place_is_chosen_where_the_link_is_missing(dashboard, booked):
    booking = booked(meeting={"place": "zoom", "state": "failed", "error": "No."})
    answer = dashboard.post(
        f"{dashboard.base}/bookings/{booking.uid}/place", {"place": "phone", "place_detail": "+49 30 1"}
    )

    meeting = Meeting.objects.get(booking=booking)
    assert answer.status_code == 302
    assert (meeting.place, meeting.detail, meeting.state) == ("phone", "+49 30 1", "ready")


def test_a_place_that_works_is_not_swapped(dashboard, booked):
    link = {"place": "zoom", "join_url": "https://zoom.example/j/1", "settled_sequence": 0}
    booking = booked(meeting=link)
    answer = dashboard.post(f"{dashboard.base}/bookings/{booking.uid}/place", {"place": "builtin"})

    assert answer.status_code == 409
    assert Meeting.objects.get(booking=booking).place == "zoom"


def test_another_place_needs_its_detail(dashboard, booked):
    booking = booked(meeting={"place": "zoom", "state": "failed"})
    answer = dashboard.post(f"{dashboard.base}/bookings/{booking.uid}/place", {"place": "link", "place_detail": "x"})

    assert answer.status_code == 422
    assert "beginning with https://" in answer.content.decode()


def test_what_an_invitee_typed_is_shown_not_run(dashboard, booked):
    booking = booked("<script>alert(1)</script>", notes="<img src=x onerror=alert(1)>")
    text = listed(dashboard) + dashboard.get(f"{dashboard.base}/bookings/{booking.uid}").content.decode()

    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_the_state_of_the_place_is_asked_again_while_it_is_prepared(dashboard, booked):
    booking = booked(meeting={"place": "zoom", "state": "waiting"})
    fragment = dashboard.get(f"{dashboard.base}/bookings/{booking.uid}", HTTP_HX_REQUEST="true").content.decode()

    assert fragment.lstrip().startswith('<section class="card" id="place"')
    assert f'hx-get="{dashboard.base}/bookings/{booking.uid}"' in fragment


@pytest.mark.parametrize("page", ["", "/cancel", "/reschedule", "/place", "/retry"])
def test_somebody_elses_booking_is_not_found(mina, booked, sign_in, page):
    booking = booked()
    base = f"/o/{mina.organization.slug}/bookings/{booking.uid}"

    assert sign_in(mina).post(f"{base}{page}").status_code in (404, 405)
    assert Booking.objects.get().status == "confirmed"
    assert sign_in(mina).get(f"{base}{page}").status_code in (404, 405)

"""The calendar page: bookings and events by day, for the member and for his delegates; events changed and deleted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.timezone import now

from accounts.delegations import Desk
from integrations import calendars
from integrations.models import Calendar, CalendarEvent, Connection, EventEdit, Grant
from outbox import intents
from outbox.models import Intent
from scheduling import planner
from scheduling.planner import View
from scheduling.reader import Reader
from tests import factories
from tests.factories import MONDAY
from tests.integrations.providers import caldav_server

pytestmark = pytest.mark.django_db

TEN = MONDAY + timedelta(hours=9)  # 10:00 in Berlin
BERLIN = Reader("Europe/Berlin")
HOUR = timedelta(hours=1)


def settle():
    for _round in range(3):
        Intent.objects.filter(stopped=False).update(due_at=now())
        intents.drain()


@pytest.fixture
def work(olga):
    return factories.calendar(olga, name="Work")


@pytest.fixture
def hers(olga, sign_in):
    return sign_in(olga)


@pytest.fixture
def address(olga):
    return f"/o/{olga.organization.slug}/calendar"


def desk(of):
    return Desk(of, of, sees_private=True)


def titles(found):
    return {day.date: [item.title for item in day.items] for day in found.with_items}


@pytest.mark.row("ZM-22")
@pytest.mark.parametrize("view", ["week", "month", "agenda"])
def test_a_member_sees_his_events_and_bookings(hers, address, work, scheduler, view):
    factories.calendar_event(work, TEN, title="Dentist")
    factories.meeting(factories.booking(scheduler, start=TEN + 2 * HOUR, invitee_name="Ivan Petrov"))

    page = hers.get(f"{address}?view={view}&day=2027-03-01").content.decode()

    assert "Dentist" in page
    assert "Ivan Petrov" in page


@pytest.mark.row("ZM-41")
def test_a_meeting_in_an_event_is_joined_with_one_click(hers, address, work):
    factories.calendar_event(work, TEN, join_url="https://meet.example/abc")
    page = hers.get(f"{address}?day=2027-03-01").content.decode()
    assert 'href="https://meet.example/abc"' in page


def test_a_booking_and_its_event_are_one(olga, work, scheduler):
    booking = factories.booking(scheduler, start=TEN, invitee_name="Ivan")
    factories.meeting(booking)
    factories.calendar_event(work, TEN, title="Intro: Ivan", reference=booking.marker, blocks=False)

    assert titles(planner.page(desk(olga), View.WEEK, date(2027, 3, 1), BERLIN)) == {date(2027, 3, 1): ["Ivan"]}


def test_what_lasts_over_midnight_stands_on_each_of_its_days(olga, work):
    factories.calendar_event(work, datetime(2027, 3, 1, 22, tzinfo=UTC), minutes=180, title="Night")
    midnight = datetime(2027, 3, 2, 23, tzinfo=UTC)  # in Berlin
    factories.calendar_event(work, midnight - HOUR, title="Until midnight")
    days = {"first_day": date(2027, 3, 4), "last_day": date(2027, 3, 5)}
    factories.calendar_event(work, datetime(2027, 3, 3, 23, tzinfo=UTC), minutes=48 * 60, title="Fair", **days)

    assert titles(planner.page(desk(olga), View.WEEK, date(2027, 3, 3), BERLIN)) == {
        date(2027, 3, 1): ["Night"],
        date(2027, 3, 2): ["Night", "Until midnight"],
        date(2027, 3, 4): ["Fair"],
        date(2027, 3, 5): ["Fair"],
    }


def test_a_month_is_shown_in_whole_weeks(olga, work):
    found = planner.page(desk(olga), View.MONTH, date(2027, 3, 17), BERLIN)
    assert (found.days[0].date, found.days[-1].date) == (date(2027, 3, 1), date(2027, 4, 4))
    american = planner.page(desk(olga), View.MONTH, date(2027, 3, 17), Reader("America/New_York", "US"))
    assert american.days[0].date == date(2027, 2, 28)
    assert [len(week) for week in american.weeks] == [7] * 5


@pytest.mark.parametrize("day", ["", "nonsense", "2027-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_today(hers, address, day):
    assert hers.get(f"{address}?day={day}&view=never").status_code == 200


def test_empty_days_say_what_would_stand_there(hers, address):
    assert "Nothing in these days" in hers.get(f"{address}?view=agenda").content.decode()


@pytest.mark.row("G-47")
def test_a_calendar_that_cannot_be_read_is_named(hers, address, work):
    Calendar.objects.update(failing_since=now(), problem="The server cannot be reached.")
    page = hers.get(address).content.decode()
    assert "“Work” cannot be read just now: The server cannot be reached." in page


@pytest.mark.row("ZM-40")
def test_calendars_that_are_not_ticked_do_not_show(olga, work):
    factories.calendar_event(work, TEN)
    Calendar.objects.update(is_busy=False)
    assert titles(planner.page(desk(olga), View.WEEK, date(2027, 3, 1), BERLIN)) == {}


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_often_for_one_event_as_for_three(olga, work, scheduler, number, django_assert_num_queries):
    for hour in range(number):
        factories.calendar_event(work, TEN + hour * HOUR)
        factories.meeting(factories.booking(scheduler, start=TEN + (hour + 5) * HOUR))
        application = factories.application(olga)
        factories.application_event(olga, start=TEN + (hour + 9) * HOUR, application=application, place="builtin")
    with django_assert_num_queries(5):
        found = planner.page(desk(olga), View.WEEK, date(2027, 3, 1), BERLIN)
        assert [len(day.items) for day in found.with_items] == [3 * number]


# --- Delegates --------------------------------------------------------------------------------------------------------


@pytest.fixture
def dora(olga):
    return factories.membership(factories.user("dora@example.org", name="Dora Delegate"), olga.organization)


@pytest.fixture
def secret(work):
    kept = {
        "title": "Surgery",
        "location": "Ward 7",
        "join_url": "https://meet.example/x",
        "description": "Bring X-ray",
    }
    return factories.calendar_event(work, TEN, is_private=True, attendees=["doctor@example.org"], **kept)


@pytest.mark.row("ZM-37", "ZM-38")
@pytest.mark.parametrize("view", ["week", "month", "agenda"])
def test_a_delegate_sees_of_a_private_event_its_time_and_nothing_else(sign_in, olga, dora, address, secret, view):
    factories.delegation(olga, dora)
    client = sign_in(dora)

    pages = [
        client.get(f"{address}?of=olga-berg&view={view}&day=2027-03-01").content.decode(),
        client.get(f"{address}/{secret.uid}").content.decode(),
        client.post(f"{address}/{secret.uid}", {"title": "x"}).content.decode(),
        client.post(f"{address}/{secret.uid}/delete").content.decode(),
    ]

    assert "Private Meeting" in pages[0]
    told = ["Surgery", "Ward 7", "meet.example", "X-ray", "doctor@", str(secret.uid)]
    assert [word for word in told for page in pages if word in page] == []
    assert CalendarEvent.objects.filter(pk=secret.pk).exists()


@pytest.mark.row("ZM-36")
def test_with_the_right_he_sees_it(sign_in, olga, dora, address, secret):
    factories.delegation(olga, dora, private_events=True)
    client = sign_in(dora)
    assert "Surgery" in client.get(f"{address}?of=olga-berg&day=2027-03-01").content.decode()
    assert "Ward 7" in client.get(f"{address}/{secret.uid}").content.decode()


def test_who_is_no_delegate_finds_nothing(sign_in, dora, address, secret):
    client = sign_in(dora)
    assert client.get(f"{address}?of=olga-berg").status_code == 404
    assert client.get(f"{address}/{secret.uid}").status_code == 404


# --- Changing and deleting --------------------------------------------------------------------------------------------


@pytest.fixture
def event(calendar, person, olga):
    """In a real calendar, and read from there."""
    path = person.put(
        f"{calendar.external_id}review.ics",
        "SUMMARY:Review",
        f"DTSTART:{caldav_server.utc(TEN)}",
        f"DTEND:{caldav_server.utc(TEN + HOUR)}",
    )
    return factories.calendar_event(calendar, TEN, title="Review", external_id=path)


def typed(**fields):
    times = {"start_day": "2027-03-02", "start_time": "11:00", "end_day": "2027-03-02", "end_time": "12:30"}
    return {"title": "Review", "location": "", "description": ""} | times | fields


@pytest.mark.row("ZM-23", "ZM-27")
def test_an_event_is_changed_here_and_there(hers, address, event, calendar):
    answer = hers.post(f"{address}/{event.uid}", typed(title="Long review", location="Room 4"))

    assert answer["Location"] == f"{address}?day=2027-03-02"
    event.refresh_from_db()
    assert (event.title, event.start) == ("Long review", datetime(2027, 3, 2, 10, tzinfo=UTC))
    settle()
    there = calendars.read_event(calendar, event.external_id)
    assert (there.title, there.location, there.start) == ("Long review", "Room 4", event.start)
    assert not EventEdit.objects.exists()


def test_what_was_not_touched_stays_as_it_is_there(hers, address, event, calendar, person):
    """Not every list of events tells what is written in them."""
    lines = ["SUMMARY:Review", "DESCRIPTION:Bring the plans", "LOCATION:Room 4"]
    times = [f"DTSTART:{caldav_server.utc(TEN)}", f"DTEND:{caldav_server.utc(TEN + HOUR)}"]
    person.put(event.external_id, *lines, *times)

    hers.post(f"{address}/{event.uid}", typed(title="Long review"))
    settle()

    there = calendars.read_event(calendar, event.external_id)
    assert (there.title, there.description, there.location) == ("Long review", "Bring the plans", "Room 4")


@pytest.mark.row("ZM-23", "ZM-27")
def test_an_event_is_deleted_here_and_there(hers, address, event, calendar):
    hers.post(f"{address}/{event.uid}/delete")

    assert not CalendarEvent.objects.filter(pk=event.pk).exists()
    settle()
    assert calendars.read_event(calendar, event.external_id) is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"end_day": "2027-03-01"}, "It ends before it begins"),
        ({"end_time": "11:00"}, "It ends before it begins"),
        ({"start_day": "tomorrow"}, "Enter a valid date"),
        ({"title": ""}, "This field is required"),
        ({"title": "A\u202eB"}, "invisible characters"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_is_kept(hers, address, event, fields, sentence):
    answer = hers.post(f"{address}/{event.uid}", typed(location="Room 4") | fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Room 4" in answer.content.decode()
    assert not EventEdit.objects.exists()


@pytest.mark.row("ZM-22")
def test_who_may_only_look_cannot_change(hers, address, event, calendar):
    Connection.objects.filter(pk=calendar.connection_id).update(permissions=["calendar_read"])

    assert "may look at this event, not change it" in hers.get(f"{address}/{event.uid}").content.decode()
    assert hers.post(f"{address}/{event.uid}", typed()).status_code == 404
    hers.post(f"{address}/{event.uid}/delete")
    assert CalendarEvent.objects.filter(pk=event.pk).exists()
    assert not EventEdit.objects.exists()


def test_a_bookings_event_is_changed_as_a_booking(hers, address, event, scheduler):
    CalendarEvent.objects.filter(pk=event.pk).update(reference=factories.booking(scheduler).marker)
    assert "reschedule or cancel that" in hers.get(f"{address}/{event.uid}").content.decode()


def test_an_event_that_is_gone_there_goes_here_too(hers, address, event, calendar, person):
    person.delete(event.external_id)
    hers.post(f"{address}/{event.uid}", typed(title="Long review"))
    settle()

    assert not EventEdit.objects.exists()
    assert not CalendarEvent.objects.filter(external_id=event.external_id).exists()


def test_a_change_that_was_refused_is_told(hers, address, event, calendar):
    EventEdit.objects.create(calendar=calendar, event_id=event.external_id, error="It is locked there.")
    page = hers.get(f"{address}/{event.uid}").content.decode()
    assert "Your change was not taken over" in page
    assert "It is locked there." in page


def test_a_calendar_that_cannot_be_reached_gets_the_change_later(hers, address, event, calendar, person):
    Grant.objects.filter(pk=calendar.connection.grant_id).update(api_url="http://127.0.0.1:9/")
    hers.post(f"{address}/{event.uid}", typed(title="Long review"))
    settle()
    assert "cannot be reached" in EventEdit.objects.get().error

    Grant.objects.filter(pk=calendar.connection.grant_id).update(api_url=person.server.url + person.home)
    settle()
    assert calendars.read_event(calendar, event.external_id).title == "Long review"


def test_an_all_day_event_moves_by_days(hers, address, calendar, person):
    lines = ["SUMMARY:Fair", "DTSTART;VALUE=DATE:20270304", "DTEND;VALUE=DATE:20270305"]
    path = person.put(f"{calendar.external_id}fair.ics", *lines)
    day = {"first_day": date(2027, 3, 4), "last_day": date(2027, 3, 4)}
    fair = factories.calendar_event(calendar, TEN, minutes=60 * 24, title="Fair", external_id=path, **day)

    hers.post(f"{address}/{fair.uid}", typed(title="Fair", start_day="2027-03-05", end_day="2027-03-06"))
    settle()

    there = calendars.read_event(calendar, path)
    assert (there.start, there.end) == (date(2027, 3, 5), date(2027, 3, 7))

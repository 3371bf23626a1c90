"""Bookings in the host's calendar, on a real CalDAV server: written, moved, removed; and what happens there."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import Email
from integrations import calendars, conferencing, connections, grants, password_connections, registry
from integrations.models import Calendar, CalendarSettings, Connection, Grant
from integrations.signals import connection_restored, events_changed
from integrations.types import EndReason, Login
from outbox import intents, outbox
from outbox.models import Intent
from scheduling import agenda, bookings, decisions, event_changes, leftovers, meetings, queries
from scheduling.models import BookedEvent, Booking, Meeting
from tests import factories
from tests.integrations.providers import caldav_server
from tests.scheduling.conftest import IVAN, NINE

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def settle():
    """The outbox, also what waits for the join link or for a provider to show what it has done."""
    for _round in range(3):
        Intent.objects.filter(stopped=False).update(due_at=now())
        intents.drain()


def book(scheduler, start=NINE):
    made = bookings.book(scheduler, start=start, duration=30, invitee=IVAN, key=uuid.uuid4())
    settle()
    return again(made)


def again(booking):
    return Booking.objects.select_related("meeting", "booked_event", "host").get(pk=booking.pk)


def age():
    """As if our own writing were a while ago."""
    long_ago = now() - leftovers.CLEAR
    BookedEvent.objects.update(settled_at=long_ago)
    Meeting.objects.update(settled_at=long_ago)


def events(calendar):
    return calendars.events(calendar, NINE - timedelta(days=2), NINE + timedelta(days=2))


def tell(booking, *, gone=False):
    """What the sync says when it has found the event different."""
    event = booking.booked_event
    ids = {event.external_id}
    age()
    events_changed.send(
        type(event.calendar), calendar=event.calendar, changed=set() if gone else ids, removed=ids if gone else set()
    )
    settle()
    return again(booking)


def rule(olga, on_change):
    CalendarSettings.objects.update_or_create(membership=olga, defaults={"on_change": on_change})


@pytest.fixture
def her(person, calendar):
    """Olga, in her calendar program."""
    return caldav_server.Owner(person, calendar.external_id)


@pytest.fixture
def held(scheduler, calendar):
    """A booking with its event in the calendar."""
    return book(scheduler)


@pytest.mark.row("G-45", "ZM-27")
def test_a_booking_is_written_to_the_calendar_that_receives(held, calendar):
    [event] = events(calendar)

    assert (event.start, event.end, event.title) == (held.start, held.end, "Intro call: Ivan Invitee")
    assert "ivan@example.com" in event.description
    assert event.reference == held.marker
    assert (held.booked_event.state, held.booked_event.external_id) == ("ready", event.external_id)


@pytest.mark.row("G-45")
def test_without_a_calendar_for_bookings_nothing_is_owed(scheduler, calendar):
    calendar.receives = False
    calendar.save()

    assert not BookedEvent.objects.filter(booking=book(scheduler)).exists()
    assert events(calendar) == []


def test_a_member_who_wants_no_sync_gets_no_event(scheduler, olga, calendar):
    CalendarSettings.objects.create(membership=olga, sync=False)
    book(scheduler)
    assert events(calendar) == []


def test_the_join_link_stands_in_the_event(scheduler, olga, connection, calendar):
    held = book(scheduler)

    [event] = events(calendar)
    assert held.meeting.join_url
    assert held.meeting.join_url in event.description
    assert event.location == held.meeting.join_url


def test_the_event_does_not_wait_longer_than_for_the_link(scheduler, connection, calendar):
    bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())
    intents.drain()  # only what is due

    assert len(events(calendar)) == 1


@pytest.mark.row("ZM-27")
def test_it_moves_and_goes_with_the_booking(held, olga, calendar):
    bookings.reschedule(held, start=NINE + HOUR, by=olga.user)
    settle()
    assert [event.start for event in events(calendar)] == [NINE + HOUR]

    bookings.cancel(again(held), by=olga.user)
    settle()
    assert events(calendar) == []
    assert again(held).booked_event.state == "removed"


@pytest.mark.row("ZM-39")
def test_an_answer_that_got_lost_makes_no_second_event(held, calendar):
    BookedEvent.objects.update(external_id="", settled_sequence=-1, state="waiting")

    outbox.want("booked_event", held.pk)
    settle()

    assert len(events(calendar)) == 1
    assert again(held).booked_event.external_id == held.booked_event.external_id


@pytest.mark.row("ZM-39")
def test_connecting_the_same_calendar_again_makes_no_second_event(held, olga, person, calendar):
    path, account = calendar.external_id, calendar.connection
    connections.disconnect(account, by=olga.user)
    assert again(held).booked_event.state == "detached"
    login = Login(person.server.url + person.home, person.name, caldav_server.PASSWORD)
    account = password_connections.connect(olga, registry.password("caldav"), login)
    Calendar.objects.filter(membership=olga).delete()
    calendar = factories.calendar(olga, connection=account, external_id=path, receives=True)

    bookings.reschedule(again(held), start=NINE + HOUR, by=olga.user)
    settle()

    assert [event.start for event in events(calendar)] == [NINE + HOUR]


@pytest.mark.row("G-46")
def test_a_move_in_the_calendar_is_asked_about(held, her, olga):
    her.move(held.booked_event.external_id, HOUR)
    found = tell(held)

    assert found.start == NINE
    assert (found.changed, found.changed.changed_start) == (found.booked_event, NINE + HOUR)
    assert "moved in your calendar" in Email.objects.latest("pk").text
    assert decisions.follow(found, mark=found.changed.change_mark, by=olga.user)
    settle()
    assert (again(held).start, again(held).changed) == (NINE + HOUR, None)


@pytest.mark.row("G-46", "ZM-27")
def test_a_booking_that_shall_follow_moves_with_its_event_and_takes_the_meeting_along(
    scheduler, olga, connection, calendar, her, zoom
):
    rule(olga, "follow")
    held = book(scheduler)
    her.move(held.booked_event.external_id, HOUR)

    found = tell(held)

    assert (found.start, found.changed, found.sequence > held.sequence) == (NINE + HOUR, None, True)
    assert conferencing.read_meeting(connection, found.meeting.external_id).start == NINE + HOUR
    assert [event.start for event in events(calendar)] == [NINE + HOUR]


@pytest.mark.row("G-46")
def test_a_booking_that_shall_follow_is_cancelled_with_its_event(scheduler, olga, connection, calendar, her):
    rule(olga, "follow")
    held = book(scheduler)
    her.person.delete(held.booked_event.external_id)

    found = tell(held, gone=True)

    assert found.is_cancelled
    assert conferencing.read_meeting(connection, held.meeting.external_id) is None
    assert events(calendar) == []


@pytest.mark.row("G-46")
def test_a_deleted_event_is_asked_about_and_can_be_put_back(held, her, olga, calendar):
    her.person.delete(held.booked_event.external_id)
    found = tell(held, gone=True)

    assert (found.is_cancelled, found.changed.change) == (False, "deleted")
    assert decisions.restore(found, mark=found.changed.change_mark, by=olga.user)
    settle()
    assert [event.start for event in events(calendar)] == [NINE]


def test_what_cannot_follow_is_asked_about(scheduler, olga, calendar, her):
    rule(olga, "follow")
    held, other = book(scheduler), book(scheduler, NINE + HOUR)
    her.move(held.booked_event.external_id, HOUR)

    found = tell(held)

    assert (found.start, found.changed.change) == (NINE, "moved")
    assert decisions.why_not_follow(found) != ""
    assert again(other).start == NINE + HOUR


def test_our_own_writing_is_nobodys_change(held, calendar):
    assert tell(held).changed is None


def test_what_we_have_only_just_written_is_looked_at_once_more(held, her, calendar):
    """A provider may still show what was before."""
    BookedEvent.objects.update(settled_at=now())
    her.move(held.booked_event.external_id, HOUR)
    events_changed.send(type(calendar), calendar=calendar, changed={held.booked_event.external_id}, removed=set())
    intents.drain()
    assert again(held).changed is None

    age()
    settle()
    assert again(held).changed.change == "moved"


def test_a_meeting_moved_at_its_provider_is_asked_about_whatever_the_rule_for_calendars(
    scheduler, olga, connection, calendar, zoom
):
    rule(olga, "follow")
    held = book(scheduler)
    request = meetings._request(held.meeting)
    conferencing.update_meeting(connection, held.meeting.external_id, replace(request, start=NINE + HOUR))
    age()

    outbox.want("look", held.pk)
    settle()

    assert (again(held).start, again(held).changed.change) == (NINE, "moved")


def test_what_waited_for_an_account_goes_on_when_it_is_connected_again(scheduler, olga, calendar, person):
    grants.end(calendar.connection.grant, EndReason.EXPIRED)
    held = book(scheduler)
    assert held.booked_event.state == "failed"

    login = Login(person.server.url + person.home, person.name, caldav_server.PASSWORD)
    password_connections.connect(olga, registry.password("caldav"), login, renewed=calendar.connection)
    connection_restored.send(type(calendar.connection), connection=calendar.connection)
    settle()

    assert again(held).booked_event.state == "ready"


def test_a_booking_moved_while_we_look_is_not_marked(held, her, olga):
    her.move(held.booked_event.external_id, HOUR)
    age()
    stale = event_changes._comparable(held.pk)
    bookings.reschedule(held, start=NINE + 2 * HOUR, by=olga.user)

    event_changes._note(stale, event_changes._difference(stale))

    assert again(held).changed is None


def test_a_calendar_that_cannot_be_reached_is_tried_again(scheduler, calendar, person):
    Grant.objects.filter(pk=calendar.connection.grant_id).update(api_url="http://127.0.0.1:9/")
    held = book(scheduler)

    assert (held.booked_event.state, held.is_cancelled) == ("waiting", False)
    assert "cannot be reached" in held.booked_event.error
    Grant.objects.filter(pk=calendar.connection.grant_id).update(api_url=person.server.url + person.home)
    settle()
    assert again(held).booked_event.state == "ready"


def test_a_calendar_that_may_not_be_changed_says_so_to_the_host(sign_in, scheduler, olga, calendar):
    Connection.objects.filter(pk=calendar.connection_id).update(permissions=["calendar_read"])
    held = book(scheduler)

    assert held.booked_event.state == "failed"
    page = sign_in(olga).get(f"/o/{olga.organization.slug}/bookings/{held.uid}").content.decode()
    assert "may only look at this calendar" in page
    assert agenda.counts(queries.bookings(olga), reader=olga.user)["attention"] == 1


def test_the_page_of_a_booking_shows_its_event(sign_in, held, olga):
    page = sign_in(olga).get(f"/o/{olga.organization.slug}/bookings/{held.uid}").content.decode()
    assert "In the calendar" in page
    assert "Work" in page


def test_a_page_asks_what_shall_hold(sign_in, held, her, olga):
    her.move(held.booked_event.external_id, HOUR)
    found = tell(held)
    client, address = sign_in(olga), f"/o/{olga.organization.slug}/bookings/{held.uid}"

    assert "The event was moved in your calendar." in client.get(address).content.decode()
    client.post(f"{address}/restore", {"mark": found.changed.change_mark})
    settle()
    assert again(held).changed is None
    assert [event.start for event in events(found.booked_event.calendar)] == [NINE]

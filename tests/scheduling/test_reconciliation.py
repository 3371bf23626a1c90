"""Now and then Bridge compares its coming bookings with Zoom's list, and mends what differs."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from integrations import defaults
from outbox import intents
from scheduling import bookings, meetings, reconciliation, tasks
from scheduling.models import Meeting
from scheduling.types import InviteeDetails
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

NINE = MONDAY + timedelta(hours=8)
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="UTC")


@pytest.fixture
def connection(olga, connect_zoom):
    connection = connect_zoom(olga)
    defaults.make_default(olga, "zoom")
    return connection


@pytest.fixture
def booking(scheduler, connection):
    booking = bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=uuid.uuid4())
    intents.drain()
    booking.refresh_from_db()
    return booking


def compare(connection):
    found = reconciliation.compare(connection)
    intents.drain()
    return found


def test_where_all_is_well_nothing_is_found_or_done(booking, connection, zoom):
    before = len(zoom.calls)

    assert compare(connection) == reconciliation.Findings()
    assert len(zoom.calls) == before + 1


def test_a_meeting_deleted_at_zoom_is_made_anew(booking, connection, zoom):
    zoom.delete_meeting(booking.meeting.external_id)

    assert compare(connection).lost == (booking.pk,)

    [meeting] = zoom.meetings()
    booking.refresh_from_db()
    assert booking.meeting.external_id == str(meeting.id)


def test_a_meeting_moved_at_zoom_goes_back_to_what_was_agreed(booking, connection, zoom):
    [meeting] = zoom.meetings()
    meeting.start = NINE + timedelta(hours=3)

    assert compare(connection).moved == (booking.pk,)

    assert zoom.meetings()[0].start == NINE
    assert len(zoom.meetings()) == 1


def test_a_meeting_left_behind_for_a_cancelled_booking_is_removed(booking, connection, zoom):
    bookings.cancel(booking, by=None)
    Meeting.objects.update(state="removed")  # as after a restore of an older database
    before = zoom.meetings()
    intents.drain()

    assert compare(connection).strays == (str(before[0].id),)
    assert zoom.meetings() == []


def test_a_second_meeting_of_one_booking_is_removed_and_the_right_one_kept(booking, connection, zoom):
    held = booking.meeting.external_id
    Meeting.objects.update(external_id="", attempted_at=None, settled_sequence=-1, state="waiting")
    meetings.settle(booking.pk)

    assert compare(connection).strays == (held,)

    booking.refresh_from_db()
    assert [str(meeting.id) for meeting in zoom.meetings()] == [booking.meeting.external_id] != [held]


def test_a_meeting_whose_making_is_not_settled_yet_is_left_to_its_intent(booking, connection, zoom):
    Meeting.objects.update(external_id="", attempted_at=now(), settled_sequence=-1, state="waiting")

    assert compare(connection).strays == ()
    assert len(zoom.meetings()) == 1


def test_meetings_of_another_bridge_and_of_the_host_himself_are_left_alone(booking, connection, zoom):
    [mine] = zoom.meetings()
    mine.agenda = "Booking BR-0123456789AB of somebody else"
    other = bookings.book(
        booking.scheduler, start=NINE + timedelta(hours=2), duration=30, invitee=IVAN, key=uuid.uuid4()
    )
    intents.drain()
    zoom.meeting(Meeting.objects.get(booking=other).external_id).agenda = "Lunch"

    found = reconciliation.compare(connection)

    assert (found.strays, found.unknown) == ((), (str(mine.id),))
    assert len(zoom.meetings()) == 2


def test_meetings_older_than_the_connection_are_not_touched(booking, connection, zoom):
    Meeting.objects.update(state="removed")
    type(connection).objects.update(created_at=now() + timedelta(hours=1))
    connection.refresh_from_db()

    assert compare(connection).strays == ()
    assert len(zoom.meetings()) == 1


def test_a_list_that_cannot_be_read_is_no_reason_to_do_anything(booking, connection, zoom):
    zoom.meetings()[0].duration = "soon"

    found = compare(connection)

    assert (found.lost, found.moved, bool(found.trouble)) == ((), (), True)


def test_while_zoom_is_down_nothing_is_taken_for_lost(booking, connection, zoom):
    zoom.faults.add("status", status=503)

    found = compare(connection)

    assert (found.lost, bool(found.trouble)) == ((), True)


def test_the_timetable_and_the_command_compare_each_account(booking, connection, zoom, capsys):
    zoom.delete_meeting(booking.meeting.external_id)

    tasks.reconcile()
    intents.drain()
    call_command("reconcile")

    assert len(zoom.meetings()) == 1
    assert "0 lost, 0 moved" in capsys.readouterr().out

"""Now and then Bridge compares its coming bookings with Zoom's list: finds what differs, mends what is its own."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from integrations.models import Seat
from outbox import intents
from outbox.models import Intent
from scheduling import bookings, leftovers, meetings, reconciliation, tasks
from scheduling.models import Change, Meeting
from scheduling.types import InviteeDetails
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

NINE = MONDAY + timedelta(hours=8)
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="UTC")


def compare(connection):
    found = reconciliation.compare(connection)
    intents.drain()
    return found


def settle_all():
    """Whatever is owed, whenever it was due."""
    for _round in range(6):
        Intent.objects.filter(lease_until=None).update(due_at=now())
        Meeting.objects.exclude(attempted_at=None).update(attempted_at=now() - leftovers.CLEAR)
        intents.drain()


def test_where_all_is_well_nothing_is_found_or_done(booking, connection, zoom):
    before = len(zoom.calls)

    assert compare(connection) == reconciliation.Findings()
    assert len(zoom.calls) == before + 1


def test_a_meeting_deleted_at_zoom_is_noted_and_not_made_anew(booking, connection, zoom):
    zoom.delete_meeting(booking.meeting.external_id)

    assert compare(connection).lost == [booking.pk]

    booking.refresh_from_db()
    assert booking.meeting.change == Change.DELETED
    assert zoom.meetings() == []


def test_a_meeting_moved_at_zoom_is_noted_and_stays_where_it_is(booking, connection, zoom):
    zoom.move_meeting(booking.meeting.external_id, NINE + timedelta(hours=3))

    assert compare(connection).moved == [booking.pk]

    booking.refresh_from_db()
    assert (booking.meeting.change, booking.meeting.changed_start) == (Change.MOVED, NINE + timedelta(hours=3))
    assert (booking.start, zoom.meetings()[0].start) == (NINE, NINE + timedelta(hours=3))


def test_what_is_known_already_is_not_asked_for_again(booking, connection, zoom):
    zoom.move_meeting(booking.meeting.external_id, NINE + timedelta(hours=3))
    compare(connection)
    before = len(zoom.calls)

    assert compare(connection) == reconciliation.Findings()
    assert len(zoom.calls) == before + 1


def test_what_was_put_back_at_zoom_is_forgotten(booking, connection, zoom):
    zoom.move_meeting(booking.meeting.external_id, NINE + timedelta(hours=3))
    compare(connection)
    zoom.move_meeting(booking.meeting.external_id, NINE)

    assert compare(connection).back == [booking.pk]

    booking.refresh_from_db()
    assert booking.meeting.change == ""


def test_what_is_on_its_way_from_bridge_is_not_taken_for_a_change(booking, connection, zoom):
    bookings.reschedule(booking, start=NINE + timedelta(hours=1), by=None)

    found = reconciliation.compare(connection)

    assert found == reconciliation.Findings()
    assert not Intent.objects.filter(kind="look").exists()


def test_a_meeting_left_behind_for_a_cancelled_booking_is_removed(booking, connection, zoom):
    bookings.cancel(booking, by=None)
    Meeting.objects.update(state="removed")  # as after a restore of an older database
    before = zoom.meetings()
    intents.drain()

    assert compare(connection).strays == [str(before[0].id)]
    assert zoom.meetings() == []


def test_a_second_meeting_of_one_booking_is_removed_and_the_right_one_kept(booking, connection, zoom):
    held = booking.meeting.external_id
    Meeting.objects.update(external_id="", attempted_at=None, settled_sequence=-1, state="waiting")
    meetings.settle(booking.pk)

    assert compare(connection).strays == [held]

    booking.refresh_from_db()
    assert [str(meeting.id) for meeting in zoom.meetings()] == [booking.meeting.external_id] != [held]


def test_a_meeting_whose_making_is_not_settled_yet_is_left_to_its_intent(booking, connection, zoom):
    Meeting.objects.update(external_id="", attempted_at=now(), settled_sequence=-1, state="waiting")

    assert compare(connection) == reconciliation.Findings()
    assert len(zoom.meetings()) == 1


@pytest.mark.parametrize("attempted", [True, False])
def test_a_meeting_that_nobody_looks_for_any_more_is_taken_up(booking, connection, zoom, attempted):
    held = booking.meeting.external_id
    lost = {"external_id": "", "join_url": "", "settled_sequence": -1, "state": "failed", "error": "No."}
    Meeting.objects.update(**lost, attempted_at=now() if attempted else None)
    Intent.objects.filter(kind="meeting").update(stopped=True)

    assert compare(connection).mended == [booking.pk]
    settle_all()

    booking.refresh_from_db()
    assert (booking.meeting.state, booking.meeting.external_id) == ("ready", held)
    assert booking.meeting.join_url == zoom.join_url(zoom.meeting(held))
    assert len(zoom.meetings()) == 1


def test_a_link_that_is_missing_is_asked_for(booking, connection, zoom):
    link = booking.meeting.join_url
    Meeting.objects.update(join_url="")

    assert compare(connection).mended == [booking.pk]

    booking.refresh_from_db()
    assert (booking.meeting.join_url, booking.meeting.state) == (link, "ready")


def test_meetings_of_another_bridge_and_of_the_host_himself_are_left_alone(booking, connection, zoom):
    [mine] = zoom.meetings()
    mine.agenda = "Booking BR-0123456789AB of somebody else"
    other = bookings.book(
        booking.scheduler, start=NINE + timedelta(hours=2), duration=30, invitee=IVAN, key=uuid.uuid4()
    )
    intents.drain()
    zoom.meeting(Meeting.objects.get(booking=other).external_id).agenda = "Lunch"

    found = reconciliation.compare(connection)

    assert (found.strays, found.unknown) == ([], [str(mine.id)])
    assert len(zoom.meetings()) == 2


def test_what_the_host_wrote_into_the_description_stays(booking, connection, zoom):
    zoom.change_meeting(booking.meeting.external_id, agenda="Bring the tea")

    assert compare(connection) == reconciliation.Findings()
    assert zoom.meetings()[0].agenda == "Bring the tea"


def test_meetings_older_than_the_connection_are_not_touched(booking, connection, zoom):
    Meeting.objects.update(state="removed")
    type(connection).objects.update(created_at=now() + timedelta(hours=1))
    connection.refresh_from_db()

    assert compare(connection).strays == []
    assert len(zoom.meetings()) == 1


def test_a_list_that_cannot_be_read_is_no_reason_to_do_anything(booking, connection, zoom):
    zoom.meetings()[0].duration = "soon"

    found = compare(connection)

    assert (found.lost, found.moved, bool(found.trouble)) == ([], [], True)


def test_while_zoom_is_down_nothing_is_taken_for_lost(booking, connection, zoom):
    zoom.faults.add("status", status=503)

    found = compare(connection)

    assert (found.lost, bool(found.trouble)) == ([], True)


def test_the_timetable_and_the_command_compare_each_account(booking, connection, zoom):
    zoom.delete_meeting(booking.meeting.external_id)
    out = StringIO()

    tasks.reconcile()
    intents.drain()
    call_command("reconcile", stdout=out)

    booking.refresh_from_db()
    assert booking.meeting.change == Change.DELETED
    assert "0 deleted there, 0 moved there" in out.getvalue()


def test_the_command_names_what_is_not_ours(booking, connection, zoom):
    zoom.change_meeting(booking.meeting.external_id, agenda="Booking BR-0123456789AB")
    out = StringIO()

    call_command("reconcile", stdout=out)

    assert f"1 of another Bridge, left alone ({booking.meeting.external_id})" in out.getvalue()


def test_an_organizations_account_is_compared_host_by_host(seated, shared, olga, mina, zoom):
    hers, his = seated(olga, "paula@acme.example"), seated(mina, "pedro@acme.example")
    zoom.delete_meeting(hers.meeting.external_id)
    zoom.move_meeting(his.meeting.external_id, NINE + timedelta(hours=3))
    stray = his.meeting.external_id

    found = compare(shared)

    assert (found.lost, found.moved, found.refused, found.trouble) == ([hers.pk], [his.pk], [], "")
    bookings.cancel(his, by=None)
    Meeting.objects.filter(booking=his).update(state="removed")
    intents.drain()
    assert compare(shared).strays == [stray]
    assert zoom.meetings() == []


def test_a_host_whom_the_account_does_not_know_any_more_hinders_nobody(seated, shared, olga, mina, zoom):
    hers, his = seated(olga, "paula@acme.example"), seated(mina, "pedro@acme.example")
    Seat.objects.filter(membership=olga).update(state="not_found")
    zoom.delete_meeting(his.meeting.external_id)

    found = compare(shared)

    assert (found.lost, len(found.refused), found.trouble) == ([his.pk], 1, "")
    assert Meeting.objects.get(booking=hers).change == ""


def test_a_host_who_left_the_organization_is_not_asked_for(seated, shared, mina, zoom):
    seated(mina, "pedro@acme.example")
    mina.delete()

    assert compare(shared) == reconciliation.Findings()


def test_a_meeting_that_a_personal_account_is_making_is_no_stray_of_the_organizations(
    shared, booking, connection, olga, zoom
):
    """Both reach the same list, and the organization's account was there before."""
    Seat.objects.create(connection=shared, membership=olga, wanted="paula@acme.example", state="found", external_id="x")
    Seat.objects.update(external_id=zoom.user("paula@acme.example").id)
    Meeting.objects.update(external_id="", attempted_at=now(), settled_sequence=-1, state="waiting")

    found = compare(shared)

    assert (found.strays, found.open, found.trouble) == ([], True, "")
    assert len(zoom.meetings()) == 1

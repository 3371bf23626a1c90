"""The provider's meeting follows the booking: made, moved, removed, once, whatever the provider does meanwhile."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils.timezone import now

from accounts.models import Email
from integrations import connections, defaults, grants, transport
from integrations.models import Connection
from integrations.types import EndReason
from outbox import intents
from outbox.models import Intent
from scheduling import bookings, leftovers, meetings, places
from scheduling.exceptions import NotChangeable
from scheduling.models import Meeting, MeetingState
from scheduling.types import InviteeDetails
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin
TEN = NINE + timedelta(hours=1)
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="Asia/Kathmandu", notes="Hello")
CREATE = {"method": "POST", "path": "*/users/me/meetings"}


@pytest.fixture
def connection(olga, connect_zoom):
    """Olga's Zoom, her default."""
    connection = connect_zoom(olga)
    defaults.make_default(olga, "zoom")
    return connection


def book(scheduler, start=NINE):
    return bookings.book(scheduler, start=start, duration=30, invitee=IVAN, key=uuid.uuid4())


def settle(booking):
    """One try, whenever it was due. False: nothing is owed any more."""
    Intent.objects.filter(kind="meeting", lease_until=None).update(due_at=now())
    settled = intents.settle(Intent.objects.get(kind="meeting", subject=booking.pk).pk)
    booking.refresh_from_db()
    return settled


def settle_all(booking):
    for _attempt in range(8):
        if not settle(booking):
            return
        Meeting.objects.exclude(attempted_at=None).update(attempted_at=now() - leftovers.CLEAR)
    raise AssertionError("It never ends")


def compare():
    """What is owed to the accounts themselves, whenever it was due."""
    Intent.objects.filter(kind="comparison").update(due_at=now())
    intents.drain()


def state(booking):
    return booking.meeting.state


def intent(booking):
    return Intent.objects.get(kind="meeting", subject=booking.pk)


@pytest.fixture
def booking(scheduler, connection):
    """Booked, and its meeting made."""
    booking = book(scheduler)
    settle(booking)
    return booking


@pytest.mark.row("IN-5")
def test_with_zoom_as_default_a_booking_makes_a_zoom_meeting(scheduler, connection, zoom):
    booking = book(scheduler)
    assert (state(booking), booking.meeting.join_url) == (MeetingState.WAITING, "")

    settle(booking)

    [meeting] = zoom.meetings()
    assert state(booking) == MeetingState.READY
    assert booking.meeting.external_id == str(meeting.id)
    assert booking.meeting.join_url == zoom.join_url(meeting)
    assert booking.meeting.passcode == meeting.password
    assert booking.meeting.account_email == "paula@acme.example"
    assert meeting.agenda.startswith(booking.meeting.marker)
    assert "Ivan Invitee" in meeting.topic


def test_a_link_that_is_ready_brings_the_mails_forward(scheduler, connection, zoom):
    booking = book(scheduler)
    mails = Intent.objects.get(kind="booking_mails")
    assert mails.due_at > now() + timedelta(seconds=5)

    settle(booking)

    mails.refresh_from_db()
    assert mails.due_at <= now()


@pytest.mark.row("IN-6")
def test_moving_the_booking_moves_the_same_meeting(booking, zoom):
    [before] = zoom.meetings()

    bookings.reschedule(booking, start=TEN, by=None)
    settle(booking)

    [meeting] = zoom.meetings()
    assert meeting.id == before.id
    assert meeting.start == TEN
    assert (state(booking), booking.meeting.settled_sequence) == (MeetingState.READY, booking.sequence)


@pytest.mark.row("IN-7")
def test_cancelling_removes_the_meeting(booking, zoom):
    bookings.cancel(booking, by=None)
    settle(booking)

    assert zoom.meetings() == []
    assert (state(booking), booking.meeting.join_url) == (MeetingState.REMOVED, "")


def test_a_booking_cancelled_before_its_meeting_was_made_asks_zoom_for_nothing(scheduler, connection, zoom):
    booking = book(scheduler)
    before = len(zoom.calls)
    bookings.cancel(booking, by=None)

    settle(booking)

    assert state(booking) == MeetingState.REMOVED
    assert len(zoom.calls) == before


@pytest.mark.django_db(transaction=True)
def test_no_call_to_zoom_is_made_inside_a_transaction(scheduler, connection, zoom, monkeypatch):
    send, inside = transport.send, []

    def watched(*arguments, **more):
        inside.append(database.in_atomic_block)
        return send(*arguments, **more)

    monkeypatch.setattr(transport, "send", watched)
    booking = book(scheduler)
    settle(booking)
    bookings.reschedule(booking, start=TEN, by=None)
    settle(booking)
    bookings.cancel(booking, by=None)
    settle(booking)

    assert len(inside) >= 4
    assert not any(inside)


def test_settling_again_changes_nothing_and_asks_nothing(booking, zoom):
    before = len(zoom.calls)

    meetings.settle(booking.pk)

    assert len(zoom.calls) == before


def test_our_own_places_are_ready_at_once(scheduler, zoom):
    booking = book(scheduler)

    assert state(booking) == MeetingState.READY
    assert places.join_url(booking.meeting).startswith("http://testserver/")
    bookings.reschedule(booking, start=TEN, by=None)
    settle(booking)
    assert booking.meeting.settled_sequence == booking.sequence
    bookings.cancel(booking, by=None)
    settle(booking)
    assert state(booking) == MeetingState.REMOVED
    assert zoom.calls == []


@pytest.mark.parametrize("kind", ["drop_after", "empty", "truncated"])
def test_an_answer_lost_after_zoom_made_the_meeting_makes_no_second_one(scheduler, connection, zoom, kind):
    zoom.faults.add(kind, times=1, **CREATE)
    booking = book(scheduler)

    settle(booking)
    assert state(booking) == MeetingState.WAITING
    assert booking.meeting.error
    settle_all(booking)

    [meeting] = zoom.meetings()
    assert booking.meeting.external_id == str(meeting.id)
    assert (state(booking), booking.meeting.error) == (MeetingState.READY, "")


def test_a_meeting_left_behind_is_brought_to_what_the_booking_says_now(scheduler, connection, zoom):
    zoom.faults.add("drop_after", times=1, **CREATE)
    booking = book(scheduler)
    settle(booking)

    bookings.reschedule(booking, start=TEN, by=None)
    settle_all(booking)

    [meeting] = zoom.meetings()
    assert meeting.start == TEN


def test_every_attempt_with_an_unclear_end_is_given_time_to_show(scheduler, connection, zoom):
    zoom.faults.add("drop_before", times=2, **CREATE)
    booking = book(scheduler)
    settle(booking)
    Meeting.objects.update(attempted_at=now() - leftovers.CLEAR)

    settle(booking)
    assert now() - Meeting.objects.get().attempted_at < leftovers.CLEAR / 2
    settle(booking)
    assert zoom.meetings() == [], "the second attempt is waited for, too, before a third is made"


def test_a_lost_meeting_is_found_also_when_the_booking_has_moved_by_a_year(scheduler, connection, zoom):
    zoom.faults.add("drop_after", times=1, **CREATE)
    booking = book(scheduler, start=NINE + timedelta(days=250))
    settle(booking)
    bookings.reschedule(booking, start=NINE, by=None)

    settle_all(booking)
    assert [(str(made.id), made.start) for made in zoom.meetings()] == [(booking.meeting.external_id, NINE)]


def test_a_meeting_left_behind_is_removed_if_the_booking_was_cancelled_meanwhile(scheduler, connection, zoom):
    zoom.faults.add("drop_after", times=1, **CREATE)
    booking = book(scheduler)
    settle(booking)

    bookings.cancel(booking, by=None)
    settle_all(booking)

    assert zoom.meetings() == []
    assert state(booking) == MeetingState.REMOVED


def test_a_worker_that_died_after_asking_leaves_no_second_meeting(scheduler, connection, zoom, monkeypatch):
    """It had noted that it asked, and Zoom had heard it; the answer was never written."""
    booking = book(scheduler)

    def die(*arguments, **more):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(meetings, "_shown", die)
        with pytest.raises(SystemExit):
            meetings.settle(booking.pk)
    settle_all(booking)

    [meeting] = zoom.meetings()
    assert booking.meeting.external_id == str(meeting.id)


def test_zoom_is_given_time_to_show_what_it_made_before_we_ask_again(scheduler, connection, zoom):
    zoom.faults.add("drop_before", times=1, **CREATE)
    booking = book(scheduler)

    settle(booking)
    settle(booking)
    assert zoom.meetings() == []

    settle_all(booking)
    assert len(zoom.meetings()) == 1


@pytest.mark.row("G-49")
def test_while_zoom_is_down_the_booking_waits_with_a_sentence_and_gets_its_link_later(scheduler, connection, zoom):
    fault = zoom.faults.add("status", status=503, path="/v2/*")
    booking = book(scheduler)

    settle(booking)
    assert state(booking) == MeetingState.WAITING
    assert booking.meeting.error == intent(booking).last_error != ""
    assert intent(booking).due_at > now()
    assert fault.hits == 1

    zoom.faults.clear()
    settle_all(booking)
    assert (state(booking), booking.meeting.error) == (MeetingState.READY, "")
    assert len(zoom.meetings()) == 1


def test_a_rate_limit_is_waited_out_as_long_as_zoom_says(scheduler, connection, zoom):
    zoom.faults.add("rate_limit", limit="day", times=1, **CREATE)
    booking = book(scheduler)

    settle(booking)

    assert state(booking) == MeetingState.WAITING
    assert intent(booking).due_at > now() + timedelta(minutes=1)
    assert booking.meeting.attempted_at is None  # certainly not made, so there is nothing to look for
    settle_all(booking)
    assert state(booking) == MeetingState.READY


def test_what_zoom_rejects_needs_the_host_and_is_not_repeated(scheduler, connection, zoom):
    booking = book(scheduler)
    zoom.change_user("paula@acme.example", type=4)

    settle(booking)

    assert state(booking) == MeetingState.FAILED
    assert booking.meeting.error
    assert intent(booking).stopped
    zoom.change_user("paula@acme.example", type=2)
    bookings.retry(booking, by=booking.host)
    settle(booking)
    assert (state(booking), booking.meeting.error) == (MeetingState.READY, "")


def test_a_meeting_deleted_at_zoom_is_made_anew_when_the_booking_moves_and_the_host_reads_it(booking, zoom):
    old = booking.meeting.external_id
    zoom.delete_meeting(old)

    bookings.reschedule(booking, start=TEN, by=None)
    settle_all(booking)

    [meeting] = zoom.meetings()
    assert booking.meeting.external_id == str(meeting.id) != old
    assert meeting.start == TEN
    assert "no longer at Zoom" in booking.meeting.error


def test_a_meeting_deleted_at_zoom_counts_as_removed(booking, zoom):
    zoom.delete_meeting(booking.meeting.external_id)

    bookings.cancel(booking, by=None)
    settle(booking)

    assert state(booking) == MeetingState.REMOVED


@pytest.mark.row("IN-9")
def test_after_disconnect_the_links_of_meetings_stay_and_work(booking, connection, zoom, olga, after_commit):
    join_url = booking.meeting.join_url

    with after_commit():
        connections.disconnect(connection, by=olga.user)

    booking.refresh_from_db()
    assert places.join_url(booking.meeting) == join_url
    assert [zoom.join_url(meeting) for meeting in zoom.meetings()] == [join_url]
    assert state(booking) == MeetingState.DETACHED
    assert "not connected any more" in booking.meeting.error


@pytest.mark.row("IN-10")
@pytest.mark.parametrize("change", ["move", "cancel"])
def test_after_disconnect_later_changes_do_not_reach_zoom_and_the_host_is_told(
    booking, connection, zoom, olga, after_commit, change
):
    with after_commit():
        connections.disconnect(connection, by=olga.user)
    if change == "move":
        bookings.reschedule(booking, start=TEN, by=None)
    else:
        bookings.cancel(booking, by=None)
    settle(booking)

    [meeting] = zoom.meetings()
    assert meeting.start == NINE
    assert state(booking) == MeetingState.DETACHED
    assert "yourself" in booking.meeting.error
    assert booking.meeting.join_url


def test_a_link_that_was_not_made_before_the_disconnect_needs_the_host(scheduler, connection, olga, zoom):
    booking = book(scheduler)

    connections.disconnect(connection, by=olga.user)
    settle(booking)

    assert state(booking) == MeetingState.FAILED
    assert "another place" in booking.meeting.error
    assert zoom.meetings() == []


def test_connecting_again_makes_the_links_that_were_waiting(scheduler, connection, olga, zoom, connect_zoom):
    booking = book(scheduler)
    connections.disconnect(connection, by=olga.user)
    settle(booking)

    connect_zoom(olga, "paula@acme.example")
    settle(booking)

    assert state(booking) == MeetingState.READY
    assert len(zoom.meetings()) == 1


def test_meetings_made_before_a_disconnect_are_not_followed_after_connecting_again(
    booking, connection, olga, zoom, connect_zoom
):
    connections.disconnect(connection, by=olga.user)
    connect_zoom(olga, "paula@acme.example")

    bookings.reschedule(booking, start=TEN, by=None)
    settle(booking)

    assert [meeting.start for meeting in zoom.meetings()] == [NINE]
    assert state(booking) == MeetingState.DETACHED


@pytest.mark.row("IN-14")
def test_an_uninstall_at_zoom_keeps_the_link_and_a_reconnect_carries_what_was_missed(
    booking, connection, zoom, olga, connect_zoom, django_capture_on_commit_callbacks
):
    zoom.uninstall("paula@acme.example")
    bookings.reschedule(booking, start=TEN, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        settle(booking)
    booking.refresh_from_db()
    assert state(booking) == MeetingState.DETACHED
    assert intent(booking).stopped
    assert booking.meeting.join_url
    assert Connection.objects.get(pk=connection.pk).is_usable is False

    with django_capture_on_commit_callbacks(execute=True):
        connect_zoom(olga, "paula@acme.example")
    settle(booking)

    assert [meeting.start for meeting in zoom.meetings()] == [TEN]
    assert (state(booking), booking.meeting.error) == (MeetingState.READY, "")


def test_an_end_at_the_provider_marks_coming_meetings_and_a_reconnect_takes_the_mark_away(
    booking, connection, olga, connect_zoom, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        grants.end(connection.grant, EndReason.REVOKED)
    booking.refresh_from_db()
    assert state(booking) == MeetingState.DETACHED

    with django_capture_on_commit_callbacks(execute=True):
        connect_zoom(olga, "paula@acme.example")
    booking.refresh_from_db()
    assert (state(booking), booking.meeting.error) == (MeetingState.READY, "")


def test_meetings_that_are_over_are_not_marked(booking, connection, olga):
    past = now() - timedelta(days=1)
    type(booking).objects.update(start=past, end=past + timedelta(hours=1), busy_start=past, busy_end=now())

    connections.disconnect(connection, by=olga.user)

    booking.refresh_from_db()
    assert state(booking) == MeetingState.READY


def test_the_credential_follows_the_host_not_whoever_clicks(scheduler, connection, mina, connect_zoom, zoom):
    """Mina's account is not touched by what happens to Olga's bookings."""
    connect_zoom(mina, "pedro@acme.example")
    booking = book(scheduler)
    bookings.retry(booking, by=mina.user)

    settle(booking)

    assert len(zoom.meetings("paula@acme.example")) == 1
    assert zoom.meetings("pedro@acme.example") == []


def test_the_place_is_never_swapped_silently(scheduler, connection, olga, zoom):
    scheduler.place, scheduler.connection = "zoom", connection
    scheduler.save()
    zoom.uninstall("paula@acme.example")
    booking = book(scheduler)

    settle(booking)

    assert booking.meeting.place == "zoom"
    assert (state(booking), places.join_url(booking.meeting)) == (MeetingState.FAILED, "")


def test_the_host_chooses_another_place_while_zoom_is_being_asked(scheduler, connection, olga, zoom, monkeypatch):
    """The meeting that was made meanwhile is taken back."""
    booking = book(scheduler)
    shown = meetings._shown

    def choose_first(*arguments, **more):
        phone = places.Place(places.PHONE, None, "+49 30 1", places.Why.SCHEDULER.value)
        bookings.choose_place(booking, phone, by=olga.user)
        return shown(*arguments, **more)

    monkeypatch.setattr(meetings, "_shown", choose_first)
    settle(booking)

    assert zoom.meetings() == []
    assert (booking.meeting.place, state(booking)) == ("phone", MeetingState.READY)


BUILTIN = places.Place("builtin", None, "", places.Why.SCHEDULER.value)


def test_a_place_chosen_after_an_unclear_answer_leaves_no_meeting_at_zoom(scheduler, connection, zoom, olga):
    zoom.faults.add("drop_after", times=1, **CREATE)
    booking = book(scheduler)
    settle(booking)
    assert len(zoom.meetings()) == 1

    bookings.choose_place(booking, BUILTIN, by=olga.user)
    settle(booking)
    compare()

    assert zoom.meetings() == []
    assert (booking.meeting.place, state(booking)) == ("builtin", MeetingState.READY)


def test_what_an_unclear_answer_left_is_removed_also_if_zoom_is_down_for_a_while(scheduler, connection, zoom, olga):
    zoom.faults.add("drop_after", times=1, **CREATE)
    booking = book(scheduler)
    settle(booking)
    zoom.faults.add("status", times=2)

    bookings.choose_place(booking, BUILTIN, by=olga.user)
    for _time in range(3):
        compare()

    assert zoom.meetings() == []


def test_a_place_chosen_while_zoom_is_asked_and_the_answer_lost_leaves_no_meeting(
    scheduler, connection, zoom, olga, monkeypatch
):
    zoom.faults.add("drop_after", times=1, **CREATE)
    booking = book(scheduler)
    note = meetings._note

    def choose_first(*arguments):
        bookings.choose_place(booking, BUILTIN, by=olga.user)
        Intent.objects.filter(kind="comparison").delete()  # as if it had looked too early
        note(*arguments)

    monkeypatch.setattr(meetings, "_note", choose_first)
    settle(booking)
    compare()

    assert zoom.meetings() == []


def test_another_place_for_a_meeting_that_was_cut_off_removes_it_once_the_account_is_back(
    booking, connection, olga, zoom, connect_zoom, after_commit
):
    grants.end(connection.grant, EndReason.REVOKED)
    meetings.cut(connection)
    booking.refresh_from_db()
    bookings.choose_place(booking, BUILTIN, by=olga.user)
    compare()
    assert len(zoom.meetings()) == 1

    with after_commit():
        connect_zoom(olga, "paula@acme.example")
    compare()

    assert zoom.meetings() == []


def test_another_account_as_the_place_leaves_nothing_in_the_first(scheduler, connection, zoom, olga, connect_zoom):
    """Also while it is unclear whether the second one has made it."""
    other = connect_zoom(olga, "pedro@acme.example")
    zoom.faults.add("drop_after", times=2, **CREATE)
    booking = book(scheduler)
    settle(booking)

    bookings.choose_place(booking, places.Place("zoom", other, "", places.Why.SCHEDULER.value), by=olga.user)
    settle(booking)
    compare()
    settle_all(booking)

    [meeting] = zoom.meetings()
    assert meeting.host_id == zoom.user("pedro@acme.example").id
    assert booking.meeting.external_id == str(meeting.id)


def test_a_booking_moved_while_zoom_is_being_asked_is_moved_there_too(scheduler, connection, zoom, monkeypatch):
    booking = book(scheduler)
    shown = meetings._shown

    def move_first(*arguments, **more):
        monkeypatch.setattr(meetings, "_shown", shown)
        bookings.reschedule(type(booking).objects.get(pk=booking.pk), start=TEN, by=None)
        return shown(*arguments, **more)

    monkeypatch.setattr(meetings, "_shown", move_first)
    settle_all(booking)

    [meeting] = zoom.meetings()
    assert meeting.start == TEN
    assert booking.meeting.settled_sequence == booking.sequence == 1


def test_a_working_link_is_not_swapped_by_hand_either(booking, olga):
    with pytest.raises(NotChangeable):
        bookings.choose_place(booking, places.Place("phone", None, "1", "scheduler"), by=olga.user)


def test_another_booking_of_the_same_host_is_untouched_by_a_failure(scheduler, connection, zoom):
    first, second = book(scheduler), book(scheduler, TEN)
    zoom.faults.add("status", status=500, times=1, **CREATE)

    settle(first)
    settle(second)

    assert (state(first), state(second)) == (MeetingState.WAITING, MeetingState.READY)


def test_a_booking_that_was_over_before_zoom_answered_is_left_alone(scheduler, connection, zoom):
    booking = book(scheduler)
    past = now() - timedelta(hours=2)
    type(booking).objects.update(start=past, end=past + timedelta(hours=1), busy_start=past, busy_end=now())

    settle(booking)

    assert zoom.meetings() == []
    assert state(booking) == MeetingState.FAILED
    assert intent(booking).stopped
    assert not Email.objects.exists()


def test_a_meeting_of_a_booking_that_is_gone_is_no_error(db):
    meetings.settle(424242)


def test_names_cannot_break_out_of_the_topic(scheduler, connection, zoom):
    evil = InviteeDetails(
        name="Eve\r\nX: 1\u202e\x00 👩‍👩‍👧", email="eve@example.com", time_zone="UTC", notes="a\r\nb\x07"
    )
    booking = bookings.book(scheduler, start=NINE, duration=30, invitee=evil, key=uuid.uuid4())

    settle(booking)

    [meeting] = zoom.meetings()
    assert meeting.topic == "Intro call: Eve X: 1 👩‍👩‍👧 – Olga Berg"
    assert meeting.agenda.endswith("a\nb")

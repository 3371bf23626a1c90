"""Book, move, cancel: what is reserved, what is given back, what is refused."""

import uuid
from datetime import UTC, timedelta

import pytest
from django.utils.timezone import now

from integrations.models import ConferencingPreference
from outbox.models import Intent
from scheduling import bookings, places
from scheduling.exceptions import NotChangeable, NotOffered, SlotTaken
from scheduling.models import Booking, HostCell, MeetingState
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="Asia/Kathmandu", notes="Hello")


def book(scheduler, start=NINE, duration=30, key=None):
    return bookings.book(scheduler, start=start, duration=duration, invitee=IVAN, key=key or uuid.uuid4())


def prefer(member):
    """Zoom becomes his default."""
    connection = factories.connection(member)
    return ConferencingPreference.objects.create(membership=member, place="zoom", connection=connection)


def rules(error):
    return {reason.rule for reason in error.value.reasons}


def owed():
    return {(intent.kind, intent.subject) for intent in Intent.objects.pending()}


def test_a_booking_holds_its_time_in_cells_and_owes_meeting_and_mails(scheduler):
    booking = book(scheduler)

    assert (booking.start, booking.end, booking.sequence) == (NINE, NINE + timedelta(minutes=30), 0)
    assert [booking.invitee_name, booking.invitee_time_zone, booking.notes] == [IVAN.name, IVAN.time_zone, IVAN.notes]
    first = int(NINE.timestamp()) // 300
    assert list(booking.cells.order_by("cell").values_list("cell", flat=True)) == list(range(first, first + 6))
    assert owed() == {("meeting", booking.pk), ("booking_mails", booking.pk)}


@pytest.mark.row("G-3")
def test_buffers_are_kept_on_both_sides_and_rounded_outward(scheduler):
    scheduler.buffer_before, scheduler.buffer_after = 10, 15
    scheduler.save()

    booking = book(scheduler, NINE + timedelta(hours=1))

    assert booking.busy_start == booking.start - timedelta(minutes=10)
    assert booking.busy_end == booking.end + timedelta(minutes=15)
    assert booking.cells.count() == (10 + 30 + 15) // 5
    with pytest.raises(SlotTaken):
        book(scheduler, NINE + timedelta(minutes=30))


def test_hours_that_begin_off_the_five_minutes_round_the_busy_time_outward(olga):
    schedule = factories.schedule(olga, hours=((0, 542, 700),))
    scheduler = factories.scheduler(olga, schedule=schedule)

    booking = book(scheduler, NINE + timedelta(minutes=2))

    assert (booking.busy_start, booking.busy_end) == (NINE, NINE + timedelta(minutes=35))


def test_what_is_typed_is_kept_without_characters_that_no_text_has(scheduler):
    """NUL is refused by PostgreSQL; the others turn or break the lines of mails and calendars."""
    evil = InviteeDetails(
        name="Eve\x00\r\n\u202e👩‍👩‍👧", email="eve@example.com", time_zone="UTC", notes="a\x00\r\n\tb\x07"
    )

    booking = bookings.book(scheduler, start=NINE, duration=30, invitee=evil, key=uuid.uuid4())
    bookings.cancel(booking, by=None, reason="no\x00ne")

    booking.refresh_from_db()
    assert (booking.invitee_name, booking.notes, booking.cancel_reason) == ("Eve 👩‍👩‍👧", "a\nb", "none")


def test_the_same_submission_gives_the_same_booking(scheduler):
    key = uuid.uuid4()

    assert book(scheduler, key=key) == book(scheduler, key=key)
    assert Booking.objects.count() == 1
    assert HostCell.objects.count() == 6


def test_taken_time_is_refused_to_the_second(scheduler):
    book(scheduler)

    with pytest.raises(SlotTaken):
        book(scheduler)
    assert Booking.objects.count() == 1


@pytest.mark.row("G-48")
def test_the_database_refuses_an_overlap_that_the_rules_did_not_see(scheduler):
    """As when a process of another version, or a hand in the database, took the time without our lock."""
    first = factories.booking(scheduler, start=NINE, status="cancelled")
    HostCell.objects.create(host=scheduler.host, cell=int(NINE.timestamp()) // 300 + 2, booking=first)

    with pytest.raises(SlotTaken):
        book(scheduler)
    assert Booking.objects.count() == 1


def test_nobody_sits_in_meetings_of_two_organizations_at_once(scheduler, olga):
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    book(factories.scheduler(elsewhere))

    with pytest.raises(SlotTaken):
        book(scheduler)


@pytest.mark.row("G-4")
def test_the_minimum_notice_holds_at_the_moment_of_booking(scheduler):
    scheduler.minimum_notice = 60 * 24 * 365 * 2
    scheduler.save()

    with pytest.raises(NotOffered) as error:
        book(scheduler)
    assert rules(error) == {"too soon"}


@pytest.mark.row("G-5")
def test_the_booking_window_holds_at_the_moment_of_booking(scheduler):
    scheduler.window_days = 3
    scheduler.save()

    with pytest.raises(NotOffered) as error:
        book(scheduler)
    assert rules(error) == {"too late"}


@pytest.mark.parametrize(
    ("shift", "duration", "rule"),
    [
        (timedelta(minutes=7), 30, "off grid"),
        (timedelta(seconds=1), 30, "off grid"),
        (timedelta(hours=-1), 30, "outside"),
        (timedelta(hours=7, minutes=45), 30, "overruns"),
        (timedelta(days=-4000), 30, "past"),
        (timedelta(0), 45, "duration"),
        (timedelta(0), 0, "duration"),
        (timedelta(0), -30, "duration"),
        (timedelta(0), 10**9, "duration"),
    ],
)
def test_what_the_page_does_not_offer_cannot_be_booked(scheduler, shift, duration, rule):
    with pytest.raises(NotOffered) as error:
        book(scheduler, NINE + shift, duration)
    assert rule in rules(error)
    assert not Booking.objects.exists()


def test_a_scheduler_that_is_off_takes_no_bookings_but_lets_them_move(scheduler):
    booking = book(scheduler)
    scheduler.is_on = False
    scheduler.save()

    with pytest.raises(NotOffered) as error:
        book(scheduler, NINE + timedelta(hours=1))
    assert rules(error) == {"off"}
    bookings.reschedule(booking, start=NINE + timedelta(hours=1), by=None)


@pytest.mark.row("G-34")
def test_moving_swaps_the_cells_and_raises_the_sequence(scheduler):
    booking = book(scheduler)
    Intent.objects.update(settled=1)

    bookings.reschedule(booking, start=NINE + timedelta(hours=2), by=None)

    booking.refresh_from_db()
    assert (booking.start, booking.sequence) == (NINE + timedelta(hours=2), 1)
    assert booking.cells.count() == 6
    assert owed() == {("meeting", booking.pk), ("booking_mails", booking.pk)}
    assert book(scheduler).start == NINE  # the old time is free again


def test_moving_by_less_than_its_length_is_possible(scheduler):
    scheduler.increment = 15
    scheduler.save()
    booking = book(scheduler)

    bookings.reschedule(booking, start=NINE + timedelta(minutes=15), by=scheduler.host)

    assert booking.cells.count() == 6


def test_moving_onto_another_booking_is_refused_and_changes_nothing(scheduler):
    booking = book(scheduler)
    book(scheduler, NINE + timedelta(hours=1))

    with pytest.raises(SlotTaken):
        bookings.reschedule(booking, start=NINE + timedelta(hours=1), by=None)
    booking.refresh_from_db()
    assert (booking.start, booking.sequence, booking.cells.count()) == (NINE, 0, 6)


def test_moving_into_cells_that_the_rules_did_not_see_is_refused_and_changes_nothing(scheduler):
    booking = book(scheduler)
    other = factories.booking(scheduler, start=NINE, status="cancelled")
    HostCell.objects.create(host=scheduler.host, cell=int(NINE.timestamp()) // 300 + 14, booking=other)

    with pytest.raises(SlotTaken):
        bookings.reschedule(booking, start=NINE + timedelta(hours=1), by=None)
    assert (booking.start, booking.sequence, booking.cells.count()) == (NINE, 0, 6)


def test_moving_to_where_it_is_changes_nothing(scheduler):
    booking = book(scheduler)
    Intent.objects.update(settled=1)

    bookings.reschedule(booking, start=NINE.astimezone(UTC), by=None)

    assert booking.sequence == 0
    assert owed() == set()


@pytest.mark.row("G-35")
@pytest.mark.parametrize("by_host", [True, False])
def test_cancelling_gives_the_time_back_and_says_who_and_why(scheduler, by_host):
    booking = book(scheduler)

    bookings.cancel(booking, by=scheduler.host if by_host else None, reason=" Ill ")

    booking.refresh_from_db()
    assert booking.is_cancelled
    assert (booking.cancelled_by_host, booking.cancel_reason, booking.sequence) == (by_host, "Ill", 1)
    assert not HostCell.objects.exists()
    assert book(scheduler).start == NINE


def test_cancelling_twice_is_cancelling_once(scheduler):
    booking = book(scheduler)
    same = Booking.objects.get(pk=booking.pk)

    bookings.cancel(booking, by=None)
    bookings.cancel(same, by=scheduler.host)

    assert (same.sequence, same.cancelled_by_host) == (1, False)


def test_a_cancelled_booking_cannot_be_moved(scheduler):
    booking = book(scheduler)
    bookings.cancel(Booking.objects.get(pk=booking.pk), by=None)

    with pytest.raises(NotChangeable):
        bookings.reschedule(booking, start=NINE + timedelta(hours=1), by=None)


def test_a_meeting_that_is_over_can_be_neither_moved_nor_cancelled(scheduler):
    booking = factories.booking(scheduler, start=now() - timedelta(hours=2))

    with pytest.raises(NotChangeable):
        bookings.reschedule(booking, start=NINE, by=None)
    with pytest.raises(NotChangeable):
        bookings.cancel(booking, by=None)


@pytest.mark.row("IN-4")
def test_a_booking_keeps_its_place_when_the_default_changes(scheduler, olga):
    booking = book(scheduler)
    prefer(olga)

    bookings.reschedule(booking, start=NINE + timedelta(hours=2), by=None)

    booking.refresh_from_db()
    assert booking.meeting.place == places.BUILTIN
    assert book(scheduler, NINE).meeting.place == "zoom"


def test_the_host_chooses_another_place_only_where_the_link_is_missing(scheduler, olga):
    prefer(olga)
    booking = book(scheduler)
    elsewhere = places.Place(places.PHONE, None, "+49 30 1234", places.Why.SCHEDULER.value)

    bookings.choose_place(booking, elsewhere, by=olga.user)

    booking.refresh_from_db()
    assert (booking.meeting.place, booking.meeting.detail) == ("phone", "+49 30 1234")
    assert booking.meeting.state == MeetingState.READY
    with pytest.raises(NotChangeable):
        bookings.choose_place(booking, elsewhere, by=olga.user)

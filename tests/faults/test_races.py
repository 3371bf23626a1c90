"""Many threads at one booking, without HTTP in between: the locks and constraints alone decide."""

import itertools
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import Email
from outbox.models import Intent
from scheduling import bookings, cells, emails
from scheduling.exceptions import NotChangeable, NotOffered, SlotTaken
from scheduling.models import Booking, HostCell, Meeting, Scheduler
from scheduling.types import InviteeDetails
from tests import factories
from tests.factories import MONDAY

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

NINE = MONDAY + timedelta(hours=8)
IVAN = InviteeDetails(name="Ivan Invitee", email="ivan@example.com", time_zone="UTC")
HALF_HOUR = timedelta(minutes=30)


def all_at_once(acts: list[Callable[[], object]]) -> list[object]:
    """What each returned or raised; every act in a thread, and with a database connection, of its own."""
    barrier = Barrier(len(acts))

    def do(act):
        barrier.wait()
        try:
            return act()
        except (SlotTaken, NotOffered, NotChangeable) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def booking_of(scheduler_id, start=NINE, key=None):
    scheduler = Scheduler.objects.get(pk=scheduler_id)
    return bookings.book(scheduler, start=start, duration=30, invitee=IVAN, key=key or uuid.uuid4())


def made(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Booking)]


@pytest.mark.row("G-48")
def test_of_fifty_bookings_of_one_slot_one_is_made_and_the_others_hear_a_clean_no(scheduler):
    outcomes = all_at_once([lambda: booking_of(scheduler.pk)] * 50)

    assert len(made(outcomes)) == 1
    assert Counter(outcome for outcome in outcomes if outcome is SlotTaken) == {SlotTaken: 49}
    assert (Booking.objects.count(), Meeting.objects.count(), HostCell.objects.count()) == (1, 1, 6)
    assert Intent.objects.count() == 2


@pytest.mark.row("G-48")
def test_bookings_that_overlap_in_part_do_not_both_stand(olga):
    scheduler = factories.scheduler(olga, durations=[30], increment=10)

    outcomes = all_at_once(
        [lambda shift=shift: booking_of(scheduler.pk, NINE + timedelta(minutes=10 * shift)) for shift in range(12)]
    )

    kept = sorted(booking.start for booking in made(outcomes))
    assert kept
    assert all(later - earlier >= HALF_HOUR for earlier, later in itertools.pairwise(kept))
    assert HostCell.objects.count() == 6 * len(kept)


def test_different_slots_are_all_booked(scheduler):
    outcomes = all_at_once([lambda slot=slot: booking_of(scheduler.pk, NINE + slot * HALF_HOUR) for slot in range(12)])

    assert len(made(outcomes)) == 12


def test_one_host_is_not_booked_twice_through_two_organizations(olga):
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    pages = [factories.scheduler(olga).pk, factories.scheduler(elsewhere).pk]

    outcomes = all_at_once([lambda page=page: booking_of(page) for page in pages * 5])

    assert len(made(outcomes)) == 1


def test_many_clicks_of_one_submission_are_one_booking(scheduler):
    key = uuid.uuid4()

    outcomes = all_at_once([lambda: booking_of(scheduler.pk, key=key)] * 10)

    assert {outcome.pk for outcome in made(outcomes)} == {Booking.objects.get().pk}
    assert len(made(outcomes)) == 10


def test_without_the_lock_the_database_still_refuses_the_second(scheduler, monkeypatch):
    monkeypatch.setattr(cells, "lock", lambda people: None)

    outcomes = all_at_once([lambda: booking_of(scheduler.pk)] * 8)

    assert len(made(outcomes)) == 1
    assert HostCell.objects.count() == 6


def test_two_bookings_that_want_the_same_new_time_do_not_both_get_it(scheduler):
    movers = [booking_of(scheduler.pk, NINE + slot * HALF_HOUR).pk for slot in range(6)]
    wished = NINE + 10 * HALF_HOUR

    def move(pk):
        return bookings.reschedule(Booking.objects.get(pk=pk), start=wished, by=None)

    outcomes = all_at_once([lambda pk=pk: move(pk) for pk in movers])

    assert Counter(outcomes) == {None: 1, SlotTaken: 5}
    assert Booking.objects.filter(start=wished).count() == 1
    assert HostCell.objects.count() == 36


def test_two_bookings_that_swap_places_neither_wait_for_each_other_nor_overlap(scheduler):
    first, second = booking_of(scheduler.pk).pk, booking_of(scheduler.pk, NINE + HALF_HOUR).pk

    def move(pk, start):
        return bookings.reschedule(Booking.objects.get(pk=pk), start=start, by=None)

    all_at_once([lambda: move(first, NINE + HALF_HOUR), lambda: move(second, NINE)] * 3)

    assert HostCell.objects.count() == 12
    assert len(set(Booking.objects.values_list("start", flat=True))) == 2


def test_moving_and_cancelling_at_once_ends_cancelled_with_the_time_free(scheduler):
    pk = booking_of(scheduler.pk).pk

    def move(slot):
        return bookings.reschedule(Booking.objects.get(pk=pk), start=NINE + slot * HALF_HOUR, by=None)

    def cancel():
        return bookings.cancel(Booking.objects.get(pk=pk), by=None)

    all_at_once([*(lambda slot=slot: move(slot) for slot in range(1, 5)), cancel, cancel])

    booking = Booking.objects.get()
    assert booking.is_cancelled
    assert not HostCell.objects.exists()


def test_workers_that_tell_at_once_tell_once(scheduler):
    pk = booking_of(scheduler.pk).pk

    all_at_once([lambda: emails.settle(pk)] * 4)

    assert sorted(Email.objects.values_list("to", flat=True)) == ["ivan@example.com", "olga@example.org"]

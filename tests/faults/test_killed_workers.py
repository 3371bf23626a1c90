"""Whoever settles the outbox is killed at random, Zoom fails one call in five: nothing is lost, nothing made twice."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db.models import F
from django.utils.timezone import now

from outbox import intents, tasks
from outbox.models import Intent
from scheduling import bookings
from scheduling.models import Booking, BookingStatus, Meeting
from scheduling.types import InviteeDetails
from tests import factories
from tests.faults import processes

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

BOOKINGS = 100
LEASE = 4
"""Seconds; as long does a bell wait that a killed worker had heard."""

GIVE_UP = timedelta(minutes=4)


def _invitee(number: int) -> InviteeDetails:
    return InviteeDetails(name=f"Invitee {number}", email=f"i{number}@example.com", time_zone="Asia/Kathmandu")


def _live(scheduler, chance: random.Random, number: int) -> None:
    """One booking is made; some are moved, some cancelled, some both."""
    start = factories.MONDAY + timedelta(days=number // 8, hours=8 + number % 8)
    booking = bookings.book(scheduler, start=start, duration=30, invitee=_invitee(number), key=uuid4())
    if chance.random() < 0.4:
        bookings.reschedule(booking, start=start + timedelta(days=13), by=None)
    if chance.random() < 0.3:
        bookings.cancel(booking, by=None)


def _misbehave(zoom) -> None:
    """One call in five, and among those that fail some were carried out."""
    zoom.faults.add("drop_after", method="POST", path="/v2/users/*", every=7)
    zoom.faults.add("status", status=502, commit=True, method="POST", path="/v2/users/*", every=9)
    zoom.faults.add("status", status=503, probability=0.1, seed=1, path="/v2/*")
    zoom.faults.add("drop_before", probability=0.05, seed=2, path="/v2/*")
    zoom.faults.add("truncated", probability=0.05, seed=3, path="/v2/*")


def _hurry() -> None:
    """As if the time between two tries were over, and the timetable had come round (the try-out's own does so soon)."""
    Intent.objects.pending().filter(lease_until=None, due_at__gt=now()).update(due_at=now())
    if settings.REDIS_URL:
        tasks.sweep()


def _until(reached: Callable[[], object]) -> None:
    deadline = now() + GIVE_UP
    while not reached():
        assert now() < deadline, list(Intent.objects.pending().values("kind", "subject", "tries", "last_error"))
        _hurry()
        time.sleep(0.2)


def test_killing_workers_loses_no_effect_and_repeats_none(zoom, olga, scheduler, connect_zoom, monkeypatch):
    monkeypatch.setattr(intents, "PATIENCE", timedelta(seconds=LEASE))
    scheduler.connection, scheduler.place = connect_zoom(olga), "zoom"
    scheduler.save()
    _misbehave(zoom)
    zoom.limits.per_host = 10_000
    chance = random.Random(20)
    kills = 0
    with processes.background(OUTBOX_LEASE_SECONDS=str(LEASE)) as worker:
        for number in range(BOOKINGS):
            _live(scheduler, chance, number)
            if number % 9 == 8:
                time.sleep(chance.uniform(0.2, 1.5))
                _hurry()
                worker.kill()
                worker.begin()
                kills += 1
        _until(lambda: not Intent.objects.pending().exists())

    assert kills >= 10
    assert not Intent.objects.filter(stopped=True).exists()
    _assert_zoom_shows_what_was_agreed(zoom)
    _assert_everybody_was_told()


def _assert_zoom_shows_what_was_agreed(zoom) -> None:
    agreed = Booking.objects.filter(status=BookingStatus.CONFIRMED).select_related("meeting")
    wanted = Counter((int(booking.meeting.external_id), booking.start) for booking in agreed)
    assert Counter((meeting.id, meeting.start) for meeting in zoom.meetings()) == wanted
    assert len(wanted) == agreed.count()
    assert not agreed.exclude(meeting__state="ready").exists()


def _assert_everybody_was_told() -> None:
    assert not Booking.objects.exclude(told_sequence=F("sequence")).exists()
    assert not Intent.objects.filter(kind="email", settled__lt=F("wanted")).exists()


@pytest.mark.row("G-49")
def test_a_worker_that_dies_between_zooms_yes_and_our_note_makes_no_second_meeting(zoom, olga, scheduler, connect_zoom):
    scheduler.connection, scheduler.place = connect_zoom(olga), "zoom"
    scheduler.save()
    zoom.faults.add("late_answer", seconds=30, method="POST", path="/v2/users/*", times=1)
    bookings.book(scheduler, start=factories.MONDAY + timedelta(hours=9), duration=30, invitee=_invitee(1), key=uuid4())

    with processes.background(OUTBOX_LEASE_SECONDS="3"):
        _until(zoom.meetings)
    time.sleep(3.5)
    while not Meeting.objects.get().external_id:
        Intent.objects.filter(lease_until=None).update(due_at=now())
        intents.drain()

    assert [str(meeting.id) for meeting in zoom.meetings()] == [Meeting.objects.get().external_id]

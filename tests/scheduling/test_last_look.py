"""Before a booking is confirmed or moved, its host's calendars are looked at once more; in three seconds at most."""

import time
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from integrations import live_looks
from integrations.models import Calendar, CalendarEvent, CalendarSettings
from outbox import intents
from scheduling import bookings, manage_links
from scheduling.models import Booking
from tests import factories, mailboxes
from tests.factories import MONDAY
from tests.scheduling import invitee
from tests.scheduling.conftest import IVAN

pytestmark = pytest.mark.django_db(transaction=True)

TEN = MONDAY + timedelta(hours=9)  # 10:00 in Berlin
ELEVEN = TEN + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _first_visit():
    """What others tried before counts for nobody."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def mailbox(settings):
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    with mailboxes.running() as found:
        yield found


@pytest.fixture
def calendar(mailbox, olga):
    """Olga's, empty, read just now."""
    mailbox.connect(olga)
    intents.drain()
    return mailboxes.main(olga)


@pytest.fixture
def bookable(scheduler, calendar):
    return scheduler


def book(bookable, start=TEN):
    return invitee.book(Client(), bookable, start, confirm="yes")


def moved(booking, start):
    address = f"/b/{manage_links.secret(booking)}/reschedule"
    return Client().post(address, {"start": f"{start:%Y-%m-%dT%H:%MZ}", "zone": "Europe/Berlin"})


@pytest.mark.row("ZM-39")
def test_a_free_time_is_booked(bookable):
    assert book(bookable).status_code == 302
    assert Booking.objects.get().start == TEN


@pytest.mark.row("ZM-39")
def test_what_came_into_the_calendar_since_it_was_read_refuses_the_booking(bookable, mailbox):
    mailbox.add("Dentist", TEN)

    answer = book(bookable)

    assert answer.status_code == 409
    assert "Somebody has just booked this time." in answer.content.decode()
    assert answer.context["nearest"]
    assert invitee.shows(answer)
    assert not Booking.objects.exists()


def test_what_was_found_is_not_offered_again(bookable, mailbox):
    mailbox.add("Dentist", TEN)
    answer = book(bookable)

    assert CalendarEvent.objects.get().start == TEN
    assert TEN not in [found.start for found in answer.context["nearest"]]


def test_what_only_touches_or_does_not_close_times_lets_it_pass(bookable, mailbox):
    mailbox.add("Before", TEN - timedelta(hours=1))
    mailbox.add("After", TEN + timedelta(minutes=30))
    mailbox.add("Free", TEN, free_busy="Free")

    assert book(bookable).status_code == 302


def test_buffers_are_looked_at_too(bookable, mailbox):
    type(bookable).objects.update(buffer_after=15)
    mailbox.add("After", TEN + timedelta(minutes=30))

    assert book(bookable).status_code == 409


class TestNoAnswer:
    @pytest.fixture(autouse=True)
    def _down(self, calendar, mailbox):
        mailbox.simulator.faults.add("drop_before")

    def test_refuses_where_the_host_wants_an_answer(self, bookable):
        answer = book(bookable)

        assert answer.status_code == 409
        assert "does not answer just now" in answer.content.decode()
        assert "what you typed is kept" in answer.content.decode()
        assert invitee.shows(answer)
        assert not Booking.objects.exists()

    def test_books_where_fresh_knowledge_is_enough_for_him(self, bookable, olga):
        CalendarSettings.objects.create(membership=olga, last_look="accept")

        assert book(bookable).status_code == 302

    def test_but_not_by_what_is_older_than_a_quarter_of_an_hour(self, bookable, olga):
        CalendarSettings.objects.create(membership=olga, last_look="accept")
        address = invitee.url(bookable, TEN)
        typed = invitee.fill_in(Client(), address, confirm="yes")
        Calendar.objects.update(synced_at=now() - timedelta(minutes=16))

        assert Client().post(address, typed).status_code == 422
        assert not Booking.objects.exists()

    def test_a_second_click_on_what_is_booked_is_not_asked_again(self, bookable, mailbox):
        mailbox.simulator.faults.clear()
        address = invitee.url(bookable, TEN)
        typed = invitee.fill_in(Client(), address, confirm="yes")
        assert Client().post(address, typed).status_code == 302
        mailbox.simulator.faults.add("drop_before")

        assert Client().post(address, typed).status_code == 302
        assert Booking.objects.count() == 1


class TestMoving:
    @pytest.fixture
    def booking(self, bookable):
        return bookings.book(bookable, start=TEN, duration=30, invitee=IVAN, key=uuid.uuid4())

    def test_to_a_free_time(self, booking):
        assert moved(booking, ELEVEN).status_code == 302

    def test_not_into_what_came_meanwhile(self, booking, mailbox):
        mailbox.add("Dentist", ELEVEN)

        answer = moved(booking, ELEVEN)

        assert answer.status_code == 409
        assert "Your booking is unchanged" in answer.content.decode()

    def test_not_while_the_calendar_is_silent(self, booking, mailbox):
        mailbox.simulator.faults.add("drop_before")

        answer = moved(booking, ELEVEN)

        assert answer.status_code == 409
        assert "does not answer just now" in answer.content.decode()
        booking.refresh_from_db()
        assert booking.start == TEN

    def test_by_the_host_neither(self, booking, mailbox, sign_in, olga):
        mailbox.simulator.faults.add("drop_before")
        address = f"/o/{olga.organization.slug}/bookings/{booking.uid}/reschedule"

        answer = sign_in(olga).post(address, {"start": f"{ELEVEN:%Y-%m-%dT%H:%MZ}"})

        assert answer.status_code == 409
        assert "Your calendar does not answer just now." in answer.content.decode()


def test_a_calendar_that_hangs_is_waited_for_three_seconds(bookable, mailbox, calendar):
    mailbox.simulator.faults.add("latency", seconds=4)
    began = time.monotonic()

    assert book(bookable).status_code == 409
    assert 2.5 < time.monotonic() - began < 5


def test_several_calendars_are_asked_together(bookable, mailbox, calendar, olga):
    for name in ("Family", "Sports"):
        folder = mailbox.simulator.add_calendar(mailboxes.WHOSE, name)
        factories.calendar(olga, connection=calendar.connection, external_id=folder.id)
    mailbox.simulator.faults.add("latency", seconds=1)
    began = time.monotonic()

    assert book(bookable).status_code == 302
    assert time.monotonic() - began < 2.7


def test_one_that_is_taken_is_enough_however_slow_the_others_are(bookable, mailbox, calendar, olga):
    factories.calendar(olga)  # at a server that nobody runs
    mailbox.add("Dentist", TEN)

    assert book(bookable).status_code == 409


def test_where_too_many_hang_already_the_next_is_told_at_once(bookable, calendar, monkeypatch):
    monkeypatch.setattr(live_looks._room, "_value", 0)
    began = time.monotonic()

    found = live_looks.look(live_looks.counted([bookable.host_id]), TEN, ELEVEN)

    assert [found.taken, *found.silent] == [False, calendar]
    assert time.monotonic() - began < 1


def test_a_host_without_calendars_waits_for_nothing(scheduler, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not live_looks.counted([scheduler.host_id])
    assert book(scheduler).status_code == 302


def test_a_time_that_is_not_offered_is_not_looked_at(bookable, mailbox):
    asked = mailbox.requests()

    assert book(bookable, TEN - timedelta(hours=5)).status_code in (200, 422)
    assert mailbox.requests() == asked

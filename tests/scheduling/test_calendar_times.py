"""What stands in the host's calendars is not offered, and the host is told why."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from integrations.models import Calendar
from scheduling import bookings, slots
from scheduling.exceptions import NotOffered, SlotTaken
from tests import factories
from tests.factories import MONDAY
from tests.scheduling import invitee
from tests.scheduling.conftest import IVAN

pytestmark = pytest.mark.django_db

DAY = MONDAY.date()
NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin
HALF = timedelta(minutes=30)


@pytest.fixture
def calendar(olga):
    return factories.calendar(olga, name="Work")


def free(scheduler, **how):
    return slots.free(scheduler, duration=30, first=DAY, last=DAY, time_zone="Europe/Berlin", **how)


@pytest.mark.row("ZM-39", "G-44")
def test_what_stands_in_a_calendar_is_not_offered(scheduler, calendar):
    factories.calendar_event(calendar, NINE, minutes=90)

    assert free(scheduler)[0] == NINE + 3 * HALF


def test_buffers_keep_their_distance_to_events_too(scheduler, calendar):
    scheduler.buffer_before = 15
    scheduler.save()
    factories.calendar_event(calendar, NINE, minutes=60)

    assert free(scheduler)[0] == NINE + 3 * HALF


def test_a_calendar_and_bookings_close_times_together(scheduler, calendar):
    factories.calendar_event(calendar, NINE)
    factories.booking(scheduler, start=NINE + 2 * HALF)

    assert free(scheduler)[0] == NINE + 3 * HALF


@pytest.mark.row("G-47")
def test_an_unreachable_calendar_offers_nothing(scheduler, calendar):
    Calendar.objects.update(synced_at=now() - timedelta(hours=1))

    assert free(scheduler) == []
    assert slots.next_free(scheduler) is None


def test_the_next_free_time_lies_after_what_stands_there(scheduler, calendar):
    soon = slots.next_free(scheduler)
    factories.calendar_event(calendar, soon - HALF, minutes=60)

    assert slots.next_free(scheduler) >= soon + HALF


def test_times_beyond_what_was_read_are_not_offered(scheduler, calendar):
    Calendar.objects.update(window_end=NINE + 2 * HALF)

    assert free(scheduler) == [NINE, NINE + HALF]


def test_a_booking_into_it_is_refused(scheduler, calendar):
    factories.calendar_event(calendar, NINE)

    with pytest.raises(SlotTaken):
        bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=calendar.uid)


def test_a_booking_beside_an_unread_calendar_is_refused(scheduler, calendar):
    Calendar.objects.update(synced_at=None)

    with pytest.raises(NotOffered):
        bookings.book(scheduler, start=NINE, duration=30, invitee=IVAN, key=calendar.uid)


class TestWhyNot:
    def why(self, scheduler, start=NINE):
        return slots.why_not(scheduler, start, 30)

    def test_the_calendar_is_named_and_the_event_is_not(self, scheduler, calendar):
        factories.calendar_event(calendar, NINE, title="Dentist", location="Secret street")

        [reason] = self.why(scheduler)

        assert (reason.rule, reason.url) == ("calendar", "/account/calendars")
        assert reason.sentence == "Something stands in your calendar “Work”."

    def test_two_events_in_one_calendar_are_one_reason(self, scheduler, calendar):
        for minutes in (30, 60):
            factories.calendar_event(calendar, NINE, minutes=minutes)

        assert len(self.why(scheduler)) == 1

    @pytest.mark.row("G-47")
    def test_since_when_it_cannot_be_read(self, scheduler, calendar):
        Calendar.objects.update(failing_since=NINE - timedelta(days=100))

        [reason] = self.why(scheduler)

        page = f"/o/{calendar.connection.organization.slug}/connections/{calendar.connection.uid}"
        assert (reason.rule, reason.url) == ("unread", page)
        expected = (
            "Your calendar “Work” cannot be read since Saturday, 21\u00a0November 2026, 09:00, so its times are closed."
        )
        assert reason.sentence.replace("\u00a0", " ") == expected.replace("\u00a0", " ")

    def test_that_it_was_never_read(self, scheduler, calendar):
        Calendar.objects.update(synced_at=None)

        assert "has not been read yet" in self.why(scheduler)[0].sentence

    def test_how_far_it_is_read(self, scheduler, calendar):
        Calendar.objects.update(window_end=NINE)

        assert "is read up to" in self.why(scheduler)[0].sentence

    def test_of_a_whole_day(self, scheduler, calendar):
        factories.calendar_event(calendar, MONDAY - timedelta(hours=1), minutes=24 * 60)

        assert [reason.rule for reason in slots.why_not_day(scheduler, DAY, 30)] == ["calendar"]

    def test_a_booking_is_still_told_as_one(self, scheduler, calendar):
        factories.booking(scheduler, start=NINE)

        assert [reason.rule for reason in self.why(scheduler)] == ["busy"]

    def test_what_is_offered_meets_no_objection(self, scheduler, calendar):
        factories.calendar_event(calendar, NINE + HALF)

        assert all(self.why(scheduler, start) == [] for start in free(scheduler))


def test_the_month_costs_at_most_eight_queries_however_many_calendars(scheduler, olga, django_assert_max_num_queries):
    for _ in range(3):
        factories.calendar_event(factories.calendar(olga), NINE)

    with django_assert_max_num_queries(8):
        page = Client().get(invitee.url(scheduler, month="2027-03"))
    assert page.status_code == 200

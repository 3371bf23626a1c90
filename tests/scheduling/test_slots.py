"""Which times a scheduler offers, from the database, and why not others. The arithmetic is tested where it lives."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling import slots
from scheduling.models import DateOverride
from tests import factories
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

DAY = MONDAY.date()
NINE = MONDAY + timedelta(hours=8)  # 9:00 in Berlin
BERLIN = "Europe/Berlin"
BEFORE = MONDAY - timedelta(days=20)


def free(scheduler, first=DAY, last=DAY, duration=30, **how):
    how = {"time_zone": BERLIN, "now": BEFORE} | how
    return slots.free(scheduler, duration=duration, first=first, last=last, **how)


def clocks(starts, zone=BERLIN):
    return [f"{start.astimezone(ZoneInfo(zone)):%H:%M}" for start in starts]


def rules(reasons):
    return [reason.rule for reason in reasons]


def closed(scheduler, day=DAY, start=None, end=None):
    return DateOverride.objects.create(schedule=scheduler.schedule, date=day, start_minute=start, end_minute=end)


def test_a_day_without_bookings_offers_its_hours(scheduler):
    starts = free(scheduler)

    assert len(starts) == 16
    assert (starts[0], starts[-1]) == (NINE, NINE + timedelta(hours=7, minutes=30))
    assert all(start.tzinfo == UTC for start in starts)


@pytest.mark.row("G-1", "G-2")
def test_each_duration_has_its_own_ends_on_one_grid_of_starts(scheduler):
    scheduler.durations, scheduler.increment = [15, 60], 20
    scheduler.save()

    assert clocks(free(scheduler, duration=60))[-1] == "16:00"
    assert clocks(free(scheduler, duration=15))[-1] == "16:40"
    assert clocks(free(scheduler, duration=15))[:3] == ["09:00", "09:20", "09:40"]


@pytest.mark.row("G-3")
def test_bookings_take_their_time_with_both_sides_buffers(scheduler):
    scheduler.buffer_before = 15
    scheduler.save()
    start = NINE + timedelta(hours=2)
    factories.booking(
        scheduler, start=start, busy_start=start - timedelta(minutes=15), busy_end=start + timedelta(minutes=60)
    )

    assert clocks(free(scheduler)) == ["09:00", "09:30", "10:00", *clocks(free(scheduler))[3:]]
    assert clocks(free(scheduler))[3] == "12:30"


def test_cancelled_bookings_take_nothing(scheduler):
    factories.booking(scheduler, start=NINE, status="cancelled")

    assert free(scheduler)[0] == NINE


def test_bookings_in_other_organizations_take_time_too_and_those_of_others_do_not(scheduler, olga, mina):
    elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
    factories.booking(factories.scheduler(elsewhere), start=NINE)
    factories.booking(factories.scheduler(mina), start=NINE + timedelta(minutes=30))

    assert clocks(free(scheduler))[0] == "09:30"


def test_a_booking_that_moves_does_not_stand_in_its_own_way(scheduler):
    booking = factories.booking(scheduler, start=NINE)

    assert NINE in free(scheduler, moving=booking)
    assert NINE not in free(scheduler)


@pytest.mark.row("G-4")
def test_the_minimum_notice_is_kept(scheduler):
    scheduler.minimum_notice = 120
    scheduler.save()

    assert clocks(free(scheduler, now=NINE))[0] == "11:00"


@pytest.mark.row("G-5")
def test_the_window_is_rolling_or_between_dates(scheduler):
    scheduler.window_days = 20
    scheduler.save()
    assert free(scheduler)
    assert not free(scheduler, DAY + timedelta(days=1), DAY + timedelta(days=1))

    scheduler.window_days, scheduler.window_first, scheduler.window_last = None, DAY, DAY
    scheduler.save()
    days = slots.by_day(
        scheduler, duration=30, first=date(2027, 2, 1), last=date(2027, 3, 31), time_zone=BERLIN, now=BEFORE
    )
    assert list(days) == [DAY]


@pytest.mark.row("G-7")
def test_an_override_replaces_the_hours_of_its_date(scheduler):
    closed(scheduler, start=600, end=660)
    closed(scheduler, start=840, end=870)
    closed(scheduler, DAY + timedelta(days=1))

    assert clocks(free(scheduler)) == ["10:00", "10:30", "14:00"]
    assert free(scheduler, DAY + timedelta(days=1), DAY + timedelta(days=1)) == []
    assert len(free(scheduler, DAY + timedelta(days=2), DAY + timedelta(days=2))) == 16


@pytest.mark.row("G-8")
def test_each_scheduler_follows_the_schedule_it_names(olga):
    early = factories.schedule(olga, hours=((0, 360, 420),), name="Early")
    late = factories.schedule(olga, hours=((0, 1200, 1260),), name="Late")

    assert clocks(free(factories.scheduler(olga, schedule=early))) == ["06:00", "06:30"]
    assert clocks(free(factories.scheduler(olga, schedule=late))) == ["20:00", "20:30"]


@pytest.mark.row("G-25")
def test_days_are_those_of_the_visitor(scheduler):
    kiritimati = "Pacific/Kiritimati"

    days = slots.by_day(scheduler, duration=30, first=DAY, last=DAY, time_zone=kiritimati, now=BEFORE)

    # Monday 00:00 to 24:00 there is Sunday 11:00 to Monday 11:00 in Berlin.
    assert list(days) == [DAY]
    assert clocks(days[DAY])[:1] == ["11:00"]
    assert clocks(days[DAY])[-1:] == ["10:30"]
    assert all(start.tzinfo == ZoneInfo(kiritimati) for start in days[DAY])


def test_a_month_costs_four_queries_however_many_bookings(scheduler, django_assert_num_queries):
    month = {"first": date(2027, 3, 1), "last": date(2027, 3, 31)}
    with django_assert_num_queries(4):
        assert free(scheduler, **month)
    for hour in range(20):
        factories.booking(scheduler, start=NINE + timedelta(days=hour))

    with django_assert_num_queries(4):
        assert free(scheduler, **month)


def test_the_next_free_times_of_many_schedulers_cost_as_much_as_of_one(olga, django_assert_num_queries):
    def fresh(number):
        made = [factories.scheduler(olga) for _ in range(number)]
        return list(type(made[0]).objects.filter(pk__in=[scheduler.pk for scheduler in made]))

    for number in (1, 3):
        schedulers = fresh(number)
        with django_assert_num_queries(5):
            found = slots.next_free_of(schedulers)
        assert all(found[scheduler.pk] for scheduler in schedulers)


def test_the_next_free_time_is_none_where_nothing_is_offered(olga):
    shut = factories.scheduler(olga, window_days=None, window_first=date(2020, 1, 1), window_last=date(2020, 1, 2))

    assert slots.next_free(shut) is None
    assert slots.nearest(shut, NINE, 30) == []


def test_an_unlimited_window_looks_a_year_ahead(olga):
    scheduler = factories.scheduler(olga, window_days=None)

    assert slots.next_free(scheduler) is not None


def test_the_nearest_times_surround_the_one_wished_for(scheduler):
    noon = NINE + timedelta(hours=3)
    factories.booking(scheduler, start=noon)

    assert clocks(slots.nearest(scheduler, noon, 30, count=4)) == ["11:00", "11:30", "12:30", "13:00"]


def test_the_nearest_times_are_looked_for_farther_away_if_none_is_near(scheduler):
    scheduler.window_days, scheduler.window_first, scheduler.window_last = None, DAY, DAY
    scheduler.save()

    wished = NINE - timedelta(days=60)
    assert slots.nearest(scheduler, wished, 30)[0] == NINE


def test_the_nearest_times_of_a_wish_in_the_past_are_to_come(scheduler):
    assert slots.nearest(scheduler, datetime(1999, 1, 1, tzinfo=UTC), 30)[0] > datetime.now(UTC)


@pytest.mark.row("G-51")
class TestWhyNot:
    def why(self, scheduler, start, duration=30, **how):
        return slots.why_not(scheduler, start, duration, **{"now": BEFORE} | how)

    def test_nothing_speaks_against_what_is_offered(self, scheduler):
        assert all(self.why(scheduler, start) == [] for start in free(scheduler))

    def test_each_rule_has_a_sentence_and_a_page_to_change_it(self, scheduler, olga):
        closed(scheduler, DAY + timedelta(days=1))
        scheduler.window_days = 25
        scheduler.save()
        page = f"/o/{olga.organization.slug}"
        expected = [
            (NINE + timedelta(minutes=10), "off grid", "every 30 minutes", f"{page}/schedules/intro"),
            (NINE - timedelta(hours=1), "outside", scheduler.schedule.name, f"{page}/availability/"),
            (NINE + timedelta(days=1), "closed", "closed", f"{page}/availability/"),
            (NINE + timedelta(hours=7, minutes=45), "overruns", "beyond the hours", f"{page}/availability/"),
            (NINE + timedelta(days=9), "too late", "25 days ahead", f"{page}/schedules/intro"),
            (BEFORE - timedelta(days=1), "past", "has passed", ""),
        ]
        for start, rule, words, url in expected:
            reasons = {reason.rule: reason for reason in self.why(scheduler, start)}
            assert words in reasons[rule].sentence
            assert reasons[rule].url.startswith(url)

    def test_the_notice_is_named(self, scheduler):
        [reason] = self.why(scheduler, NINE, now=NINE - timedelta(hours=1))

        assert (reason.rule, reason.sentence) == ("too soon", "This is less than 4 hours ahead, the minimum notice.")

    def test_the_day_bookings_open_is_named(self, scheduler):
        scheduler.window_days, scheduler.window_first, scheduler.window_last = None, DAY, DAY
        scheduler.save()

        [reason] = self.why(scheduler, NINE - timedelta(days=1))

        assert reason.sentence.startswith("Bookings open on ")

    def test_a_booking_in_the_way_is_named_and_linked(self, scheduler):
        booking = factories.booking(scheduler, start=NINE)

        [reason] = self.why(scheduler, NINE)

        assert reason.rule == "busy"
        assert "Olga Berg is booked" in reason.sentence
        assert str(booking.uid) in reason.url

    def test_of_a_booking_in_another_organization_only_the_time_is_told(self, scheduler, olga):
        elsewhere = factories.membership(olga.user, factories.organization("Elsewhere"))
        factories.booking(factories.scheduler(elsewhere, name="Secret talks"), start=NINE)

        [reason] = self.why(scheduler, NINE)

        assert reason.url == ""
        assert "Secret" not in reason.sentence

    def test_a_buffer_in_the_way_is_told_apart(self, scheduler):
        scheduler.buffer_after = 15
        scheduler.save()
        factories.booking(scheduler, start=NINE + timedelta(minutes=30))

        assert rules(self.why(scheduler, NINE)) == ["buffer"]

    def test_being_off_and_a_length_that_is_not_offered(self, scheduler):
        scheduler.is_on = False
        scheduler.save()

        assert rules(self.why(scheduler, NINE)) == ["off"]
        assert rules(self.why(scheduler, NINE, 45)) == ["off", "duration"]
        assert rules(slots.why_not_day(scheduler, DAY, 0)) == ["off", "duration"]

    def test_a_whole_day_is_explained_once_for_each_rule(self, scheduler):
        closed(scheduler)

        assert rules(slots.why_not_day(scheduler, DAY, 30, now=BEFORE)) == ["closed"]
        assert slots.why_not_day(scheduler, DAY + timedelta(days=1), 30, now=BEFORE) == []

    def test_a_day_that_is_full_names_what_fills_it(self, scheduler):
        closed(scheduler, start=540, end=600)
        for half in range(2):
            factories.booking(scheduler, start=NINE + half * timedelta(minutes=30))

        assert rules(slots.why_not_day(scheduler, DAY, 30, now=BEFORE)) == ["busy", "busy"]

    @pytest.mark.parametrize("year", [1, 9999])
    def test_times_far_out_of_range_are_answered_too(self, scheduler, year):
        assert self.why(scheduler, datetime(year, 6, 1, 9, tzinfo=UTC))

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import clocks
from scheduling.intervals import DAY
from tests.scheduling import oracle
from tests.scheduling.oracle import minute

zones_with_days = st.sampled_from(oracle.ZONES).flatmap(lambda zone: st.tuples(st.just(zone), oracle.days(zone)))


@settings(deadline=None, max_examples=60)
@given(zones_with_days)
def test_every_minute_shows_what_zoneinfo_shows(case):
    zone, day = case
    noon = minute(day.year, day.month, day.day, 12)
    window = (noon - 2000, noon + 2000)

    shown = [m + ahead for start, end, ahead in clocks.stretches(window, zone) for m in range(start, end)]

    epoch = datetime(1970, 1, 1)  # noqa: DTZ001 (a reading)
    assert shown == [(oracle.reading(m, zone) - epoch) // timedelta(minutes=1) for m in range(*window)]


@settings(deadline=None, max_examples=60)
@given(zones_with_days, st.integers(0, 2))
def test_days_span_every_minute_whose_date_they_are(case, more):
    zone, first = case
    last = first + timedelta(days=more)
    noon = minute(first.year, first.month, first.day, 12)

    start, end = clocks.days(first, last, zone)

    shown = [m for m in range(noon - 2 * DAY, noon + 5 * DAY) if first <= oracle.reading(m, zone).date() <= last]
    assert (start, end) == (shown[0], shown[-1] + 1) if shown else start == end


def test_a_day_that_the_zone_skipped_is_empty():
    start, end = clocks.days(date(2011, 12, 30), date(2011, 12, 30), "Pacific/Apia")

    assert start == end


@pytest.mark.parametrize(
    ("zone", "wall", "shown"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 30), []),  # noqa: DTZ001
        ("Europe/Berlin", datetime(2026, 3, 29, 3, 0), [minute(2026, 3, 29, 1)]),  # noqa: DTZ001
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), [minute(2026, 10, 25, 0, 30), minute(2026, 10, 25, 1, 30)]),  # noqa: DTZ001
        ("America/Santiago", datetime(2026, 9, 6, 0, 0), []),  # noqa: DTZ001
        ("Pacific/Apia", datetime(2011, 12, 30, 12, 0), []),  # noqa: DTZ001
        ("Asia/Kathmandu", datetime(2026, 1, 1, 5, 45), [minute(2026, 1, 1)]),  # noqa: DTZ001
    ],
)
def test_a_reading_comes_never_once_or_twice(zone, wall, shown):
    assert clocks.minutes(wall, zone) == shown


def test_dates_at_the_ends_of_the_calendar_do_no_harm():
    first, last = clocks.days(date.min, date.min, "Pacific/Kiritimati"), clocks.days(date.max, date.max, "Asia/Tokyo")

    assert first[1] - first[0] == last[1] - last[0] == DAY


@settings(deadline=None, max_examples=60)
@given(zones_with_days)
def test_minutes_stand_under_the_date_that_zoneinfo_shows(case):
    zone, day = case
    noon = minute(day.year, day.month, day.day, 12)
    sorted_minutes = list(range(noon - 2000, noon + 2000, 7))

    found = clocks.by_date(sorted_minutes, zone)

    assert {m: day for day, there in found.items() for m in there} == {
        m: oracle.reading(m, zone).date() for m in sorted_minutes
    }
    assert all(there == sorted(there) for there in found.values())
    assert clocks.by_date([], zone) == {}

"""A month as a page, and the choice as it stands in the address: plain values."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from scheduling import calendar_page, intervals, reader, selection, time_zones
from scheduling.reader import Reader

MARCH = date(2027, 3, 1)
BERLIN, BOSTON = Reader("Europe/Berlin", "DE"), Reader("America/New_York", "US")


def page(month=MARCH, free=None, chosen=None, today=MARCH, who=BERLIN):
    return calendar_page.weeks(month, free or {}, chosen=chosen, today=today, reader=who)


@given(st.dates(date(1990, 1, 1), date(2200, 12, 31)), st.sampled_from(["DE", "US", "EG", ""]))
def test_a_page_shows_each_day_of_its_month_once_under_its_weekday(day, region):
    who = Reader("UTC", region)
    weeks = page(day.replace(day=1), who=who)

    shown = [cell.date for week in weeks for cell in week if cell]
    assert shown == [day.replace(day=1) + timedelta(days=n) for n in range(calendar_page.last_of(day).day)]
    columns = calendar_page.weekdays(who)
    assert all(cell.date.weekday() == columns[n].weekday() for week in weeks for n, cell in enumerate(week) if cell)
    assert all(len(week) == 7 for week in weeks)


def test_days_say_whether_they_are_free_chosen_or_today():
    free = {date(2027, 3, 2): [datetime(2027, 3, 2, 9, tzinfo=UTC)], date(2027, 3, 3): []}
    days = {cell.date.day: cell for week in page(free=free, chosen=date(2027, 3, 2)) for cell in week if cell}

    assert [day for day, cell in days.items() if cell.is_free] == [2]
    assert [day for day, cell in days.items() if cell.is_chosen] == [2]
    assert [day for day, cell in days.items() if cell.is_today] == [1]


def test_months_turn_over_the_year():
    december = date(2026, 12, 1)

    assert calendar_page.next_month(december) == date(2027, 1, 1)
    assert calendar_page.previous_month(date(2027, 1, 31)) == december
    assert calendar_page.last_of(date(2028, 2, 10)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("zone", "instant", "twice"),
    [
        ("Europe/Berlin", datetime(2027, 10, 30, 23, 59, tzinfo=UTC), False),
        ("Europe/Berlin", datetime(2027, 10, 31, 0, 0, tzinfo=UTC), True),
        ("Europe/Berlin", datetime(2027, 10, 31, 1, 59, tzinfo=UTC), True),
        ("Europe/Berlin", datetime(2027, 10, 31, 2, 0, tzinfo=UTC), False),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 14, 45, tzinfo=UTC), True),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 15, 30, tzinfo=UTC), False),
        ("Europe/Berlin", datetime(2027, 3, 28, 1, 0, tzinfo=UTC), False),
        ("UTC", datetime(2027, 10, 31, 1, 0, tzinfo=UTC), False),
    ],
)
def test_it_is_known_which_readings_come_twice(zone, instant, twice):
    assert bool(Reader(zone).offset_if_twice(instant)) is twice


@pytest.mark.parametrize(
    ("who", "clock", "day"),
    [(BERLIN, "14:05", "Friday, 5 March 2027"), (BOSTON, "8:05 AM", "Friday, March 5, 2027")],
)
def test_readers_read_times_their_own_way(who, clock, day):
    instant = datetime(2027, 3, 5, 13, 5, tzinfo=UTC)

    assert who.clock(instant) == clock
    assert who.day(instant.date()) == day


def test_a_meeting_beyond_midnight_names_both_days():
    start = datetime(2027, 3, 5, 22, 30, tzinfo=UTC)

    assert BERLIN.when(start, start + timedelta(hours=1)) == "Friday, 5 March 2027, 23:30 – Sat, 6 Mar, 00:30"


@pytest.mark.parametrize(
    ("header", "region"),
    [
        ("en-GB,de;q=0.5", "GB"),
        ("de-CH", "CH"),
        ("en", "US"),
        ("zh-hant-tw", "TW"),
        ("de", ""),
        ("", ""),
        ("x" * 999, ""),
    ],
)
def test_the_region_comes_from_the_first_language(header, region):
    assert reader.region({"Accept-Language": header}) == region


@given(
    st.builds(
        selection.Selection,
        zone=st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "UTC"]),
        duration=st.sampled_from([15, 30]),
        zone_is_guessed=st.just(False),
        month=st.none() | st.dates(selection.FIRST, selection.LAST).map(lambda day: day.replace(day=1)),
        day=st.none() | st.dates(selection.FIRST, selection.LAST),
        start=st.none() | st.integers(631_152_000 // 60, 7_258_118_400 // 60).map(intervals.instant),
        name=st.text(st.characters(codec="utf-8"), max_size=120),
        email=st.text(st.characters(codec="utf-8"), max_size=254),
        _default_duration=st.just(15),
    )
)
def test_a_choice_survives_its_way_through_the_address(chosen):
    values = QueryDict(chosen.address().removeprefix("?")).dict()

    assert selection.read(values, durations=[15, 30], zone="UTC") == chosen


@given(
    st.dictionaries(
        st.sampled_from(["month", "day", "zone", "duration", "start", "name", "email", "find_zone"]), st.text()
    )
)
def test_any_address_is_read_without_an_error(values):
    chosen = selection.read(values, durations=[30], zone="UTC")

    assert time_zones.find(chosen.zone)
    assert chosen.duration == 30
    time_zones.search(chosen.zone_search)

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import availability, limits
from scheduling.availability import Hours, Terms
from scheduling.limits import Objection, Rule
from tests.scheduling import oracle
from tests.scheduling.oracle import minute

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)  # a Monday
WEEKDAYS = Hours(
    "UTC", tuple((day, 540, 1020) for day in range(5)), {date(2026, 5, 6): (), date(2026, 5, 7): ((600, 660),)}
)


def terms(**others):
    usual = {"duration": 30, "increment": 30, "earliest": minute(2026, 5, 4, 12), "latest": minute(2026, 5, 14)}
    return Terms(**{**usual, **others})


def rules(start, busy=(), **others):
    return [objection.rule for objection in limits.why(WEEKDAYS, terms(**others), busy, start, NOW)]


@settings(deadline=None, max_examples=80)
@given(oracle.cases(), st.data())
def test_a_start_is_offered_if_and_only_if_nothing_stands_against_it(case, data):
    hours, terms, busy, window = case
    offered = set(availability.starts(hours, terms, busy, window))
    tried = {data.draw(st.integers(*window)) for _ in range(5)} - {window[1]} | set(range(window[0], window[1], 45))

    unopposed = {start for start in tried | offered if not limits.why(hours, terms, busy, start, NOW)}

    assert unopposed == offered


def test_each_rule_is_named():
    assert rules(minute(2026, 5, 4, 13)) == []
    assert rules(minute(2026, 5, 1, 9)) == [Rule.PAST]
    assert rules(minute(2026, 5, 4, 11, 30)) == [Rule.TOO_SOON]
    assert rules(minute(2026, 5, 14, 9)) == [Rule.TOO_LATE]
    assert rules(minute(2026, 5, 13, 9), latest=minute(2026, 5, 13, 9)) == [Rule.TOO_LATE]
    assert rules(minute(2026, 5, 6, 9)) == [Rule.CLOSED]
    assert rules(minute(2026, 5, 7, 9)) == [Rule.OUTSIDE]
    assert rules(minute(2026, 5, 9, 9)) == [Rule.OUTSIDE]
    assert rules(minute(2026, 5, 5, 16, 45)) == [Rule.OVERRUNS, Rule.OFF_GRID]
    assert rules(minute(2026, 5, 5, 9, 10)) == [Rule.OFF_GRID]


def test_a_start_this_very_minute_is_not_past():
    assert rules(minute(2026, 5, 4, 7, 59), earliest=0) == [Rule.OUTSIDE]
    assert rules(minute(2026, 5, 4, 8)) == [Rule.TOO_SOON, Rule.OUTSIDE]
    assert rules(minute(2026, 5, 4, 7, 59)) == [Rule.PAST, Rule.OUTSIDE]


def test_what_is_busy_is_shown_and_whether_only_a_buffer_meets_it():
    nine = minute(2026, 5, 5, 9)
    busy = [(nine + 60, nine + 90), (nine + 25, nine + 40), (nine + 30, nine + 50), (nine, nine), (nine - 60, nine)]

    found = limits.why(WEEKDAYS, terms(buffer_after=10), busy, nine, NOW)

    assert found == [Objection(Rule.BUSY, (nine + 25, nine + 40)), Objection(Rule.BUFFER, (nine + 30, nine + 50))]


def test_everything_against_a_start_is_told_at_once():
    nine = minute(2026, 5, 1, 9)

    assert rules(nine + 5, busy=[(nine, nine + 60)]) == [Rule.PAST, Rule.OFF_GRID, Rule.BUSY]


def test_what_stands_against_a_whole_day_is_told_once():
    tuesday, wednesday = minute(2026, 5, 5), minute(2026, 5, 6)
    day_off = (tuesday, wednesday)

    against = [
        limits.why_none(WEEKDAYS, terms(), busy, (day, day + 1440), NOW)
        for day, busy in [(tuesday, [day_off]), (wednesday, []), (minute(2026, 5, 9), []), (minute(2026, 5, 1), [])]
    ]

    assert against == [
        [Objection(Rule.BUSY, day_off)],
        [Objection(Rule.CLOSED)],
        [Objection(Rule.OUTSIDE)],
        [Objection(Rule.PAST)],
    ]


def test_a_time_that_the_clocks_skip_is_told_apart():
    spring = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 (a reading)

    assert limits.skipped(spring, "Europe/Berlin") == [Objection(Rule.SKIPPED)]
    assert limits.skipped(spring, "Europe/London") == []


def test_minimum_notice_counts_from_now_and_never_less():
    assert limits.permitted(NOW, notice=240)[0] == minute(2026, 5, 4, 12)
    assert limits.permitted(NOW + timedelta(seconds=1), notice=240)[0] == minute(2026, 5, 4, 12, 1)


@pytest.mark.row("G-5")
def test_a_rolling_window_counts_days_of_the_schedule():
    evening = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)

    assert limits.rolling(evening, 1, "Europe/Berlin") == (minute(2026, 10, 24, 22), minute(2026, 10, 26, 23))
    assert limits.rolling(evening, 0, "UTC") == (minute(2026, 10, 24), minute(2026, 10, 25))


@pytest.mark.row("G-5")
def test_a_window_between_dates_includes_both_of_them():
    window = limits.between(date(2026, 5, 5), date(2026, 5, 6), "America/New_York")

    assert window == (minute(2026, 5, 5, 4), minute(2026, 5, 7, 4))
    assert limits.permitted(NOW, notice=60, window=window) == window
    assert limits.permitted(NOW + timedelta(days=1), notice=60, window=window) == (minute(2026, 5, 5, 9), window[1])


def test_without_a_window_there_is_only_the_notice():
    assert limits.permitted(NOW, notice=30) == (minute(2026, 5, 4, 8, 30), limits.ANY_TIME[1])

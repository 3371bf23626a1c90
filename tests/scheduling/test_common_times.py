"""Times for several people, against a walk through every minute: other zones, other hours, the clocks change."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import availability, common_times
from scheduling.availability import Host, Hours, Terms
from scheduling.intervals import DAY
from tests import factories
from tests.factories import MONDAY
from tests.scheduling import oracle

pytestmark = pytest.mark.row("CR-15")


def brought_near(case, window):
    """The host of another case, with what he has there, on the days of `window`."""
    hours, _terms, busy, there = case
    days = (window[0] - there[0]) // DAY
    overrides = {day + timedelta(days=days): spans for day, spans in hours.overrides.items()}
    moved = [(start + days * DAY, end + days * DAY) for start, end in busy]
    return Host(Hours(hours.time_zone, hours.weekly, overrides), moved)


def fits(host, terms, window):
    any_minute = Terms(**{**vars(terms), "increment": 1})
    return set(oracle.starts(host.hours, any_minute, host.busy, window))


@settings(deadline=None, max_examples=80)
@given(oracle.cases(), st.lists(oracle.cases(), min_size=1, max_size=2))
def test_exactly_the_minutes_that_suit_everybody_are_found(case, others):
    hours, terms, busy, window = case
    hosts = [Host(hours, busy)] + [brought_near(other, window) for other in others]
    on_grid = oracle.starts(hours, terms, busy, window)
    suit_the_others = [fits(host, terms, window) for host in hosts[1:]]

    expected = [start for start in on_grid if all(start in fit for fit in suit_the_others)]
    assert availability.together(hosts, terms, window) == expected


@settings(deadline=None, max_examples=40)
@given(oracle.cases(), oracle.cases())
def test_on_any_minute_it_does_not_matter_who_comes_first(case, other):
    hours, terms, busy, window = case
    any_minute = Terms(**{**vars(terms), "increment": 1})
    first, second = Host(hours, busy), brought_near(other, window)

    found = availability.together([first, second], any_minute, window)
    assert found == availability.together([second, first], any_minute, window)


@pytest.mark.django_db
def test_a_calendar_that_is_read_only_so_far_leaves_what_comes_later_unknown(olga, mina):
    factories.schedule(olga), factories.schedule(mina)
    factories.calendar(mina, window_end=MONDAY + timedelta(hours=10))  # 11:00 in Berlin
    found = common_times.of(
        [olga, mina], start=MONDAY, end=MONDAY + timedelta(days=1), now=MONDAY, duration=60, increment=60
    )

    assert [start.hour for start in found.starts] == [8, 9]
    assert found.unknown == [mina]

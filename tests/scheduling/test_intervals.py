from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import intervals

spans = st.lists(st.tuples(st.integers(-30, 60), st.integers(-5, 20)).map(lambda span: (span[0], sum(span))))


def covered(given_spans):
    return {minute for start, end in given_spans for minute in range(start, end)}


def is_merged(result):
    edges = [edge for span in result for edge in span]
    return all(earlier < later for earlier, later in pairwise(edges))


@settings(deadline=None)
@given(spans)
def test_merging_covers_the_same_minutes_with_spans_apart(some):
    merged = intervals.merge(some)

    assert covered(merged) == covered(some)
    assert is_merged(merged)


@settings(deadline=None)
@given(spans, spans)
def test_subtracting_leaves_the_minutes_outside_the_holes(some, holes):
    left = intervals.subtract(intervals.merge(some), intervals.merge(holes))

    assert covered(left) == covered(some) - covered(holes)
    assert is_merged(left)


@settings(deadline=None)
@given(spans, spans)
def test_intersecting_keeps_the_minutes_in_both(some, others):
    common = intervals.intersect(intervals.merge(some), intervals.merge(others))

    assert covered(common) == covered(some) & covered(others)
    assert is_merged(common)


def test_spans_that_touch_become_one():
    assert intervals.merge([(10, 20), (0, 10), (30, 40)]) == [(0, 20), (30, 40)]


def test_empty_and_reversed_spans_count_for_nothing():
    assert intervals.merge([(5, 5), (9, 3), (20, 20), (7, 8)]) == [(7, 8)]
    assert intervals.merge([]) == []


def test_a_span_covers_every_minute_it_touches():
    start = datetime(1970, 1, 1, 0, 10, 59, 999_999, tzinfo=UTC)
    end = datetime(1970, 1, 1, 0, 20, 0, 1, tzinfo=UTC)

    assert intervals.span(start, end) == (10, 21)
    assert intervals.span(start.replace(second=0, microsecond=0), end.replace(microsecond=0)) == (10, 20)


def test_instants_before_the_epoch_are_rounded_outwards_too():
    just_before = datetime(1969, 12, 31, 23, 59, 30, tzinfo=UTC)

    assert intervals.span(just_before, just_before + timedelta(seconds=10)) == (-1, 0)


def test_an_instant_in_any_zone_comes_back_in_utc():
    berlin = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))

    assert intervals.instant(intervals.minute(berlin)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

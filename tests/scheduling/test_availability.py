import random
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling import availability, clocks
from scheduling.availability import Host, Hours, Terms
from tests.scheduling import oracle
from tests.scheduling.oracle import minute

EVERY_DAY = range(7)


def hours(zone, *spans, overrides=None):
    """The same hours all week, as (start, end) in hours of the day."""
    weekly = tuple((day, int(start * 60), int(end * 60)) for day in EVERY_DAY for start, end in spans)
    return Hours(zone, weekly, overrides or {})


def terms(duration=30, increment=30, **others):
    return Terms(duration=duration, increment=increment, **{"earliest": 0, "latest": 2**40, **others})


def shown(whose, what, day, busy=(), last=None):
    """The offered starts of a day as the host's clock shows them, with the offset."""
    window = clocks.days(day, last or day, whose.time_zone)
    offered = availability.starts(whose, what, busy, window)
    local = [datetime.fromtimestamp(start * 60, UTC).astimezone(ZoneInfo(whose.time_zone)) for start in offered]
    return [f"{start:%H:%M%z}" for start in local]


# Against the oracle


@settings(deadline=None, max_examples=250)
@given(oracle.cases())
def test_exactly_the_starts_that_a_walk_through_every_minute_finds_are_offered(case):
    assert availability.starts(*case) == oracle.starts(*case)


@settings(deadline=None, max_examples=60)
@given(oracle.cases(), st.lists(oracle.cases(), max_size=2))
def test_together_are_the_starts_on_the_first_grid_that_fit_everyone(case, others):
    hours, terms, busy, window = case
    hosts = [Host(hours, busy)] + [Host(other[0], [*other[2], *busy]) for other in others]
    any_minute = Terms(**{**vars(terms), "increment": 1})

    fits = [set(oracle.starts(host.hours, any_minute, host.busy, window)) for host in hosts[1:]]

    expected = [start for start in oracle.starts(hours, terms, busy, window) if all(start in fit for fit in fits)]
    assert availability.together(hosts, terms, window) == expected


@settings(deadline=None, max_examples=60)
@given(oracle.cases(), st.randoms(use_true_random=False))
def test_the_order_of_busy_times_does_not_matter(case, chance: random.Random):
    hours, terms, busy, window = case
    shuffled = chance.sample(busy * 2, len(busy) * 2)

    assert availability.starts(hours, terms, shuffled, window) == availability.starts(hours, terms, busy, window)


@settings(deadline=None, max_examples=60)
@given(oracle.cases(), st.integers(0, 1500))
def test_the_window_only_cuts_and_never_moves_the_grid(case, cut):
    hours, terms, busy, (first, last) = case
    middle = first + cut

    halves = [availability.starts(hours, terms, busy, window) for window in [(first, middle), (middle, last)]]

    assert halves[0] + halves[1] == availability.starts(hours, terms, busy, (first, last))


# Hours, grid and buffers


@pytest.mark.row("G-2")
def test_the_increment_is_set_apart_from_the_duration():
    morning = hours("Asia/Kathmandu", (9, 11))
    day = date(2026, 5, 4)

    assert shown(morning, terms(duration=60, increment=20), day) == [
        "09:00+0545",
        "09:20+0545",
        "09:40+0545",
        "10:00+0545",
    ]
    assert shown(morning, terms(duration=20, increment=60), day) == ["09:00+0545", "10:00+0545"]


def test_each_duration_has_its_own_starts():
    morning = hours("UTC", (9, 10))

    found = {duration: shown(morning, terms(duration), date(2026, 5, 4)) for duration in (30, 45, 60, 61)}

    assert found == {30: ["09:00+0000", "09:30+0000"], 45: ["09:00+0000"], 60: ["09:00+0000"], 61: []}


def test_the_grid_begins_anew_with_each_block():
    assert shown(hours("UTC", (9, 10), (10.25, 11)), terms(30, 45), date(2026, 5, 4)) == ["09:00+0000", "10:15+0000"]


def test_blocks_that_touch_or_overlap_are_one():
    expected = ["09:00+0000", "09:50+0000", "10:40+0000"]

    assert shown(hours("UTC", (10, 12), (9, 10)), terms(60, 50), date(2026, 5, 4)) == expected
    assert shown(hours("UTC", (9, 11.5), (10, 12)), terms(60, 50), date(2026, 5, 4)) == expected


def test_a_meeting_may_cross_midnight_where_hours_touch_and_the_grid_begins_anew():
    night = hours("UTC", (22.5, 24), (0, 1))

    offered = shown(night, terms(60, 45), date(2026, 5, 4), last=date(2026, 5, 5))

    assert offered == ["00:00+0000", "22:30+0000", "23:15+0000", "00:00+0000", "22:30+0000", "23:15+0000"]


@pytest.mark.row("G-3")
def test_buffers_are_kept_from_what_is_busy_to_the_minute():
    morning = hours("UTC", (9, 12))
    busy = [(minute(2026, 5, 4, 10), minute(2026, 5, 4, 10, 30))]
    touching = terms(30, 5, buffer_before=20, buffer_after=10)

    offered = shown(morning, touching, date(2026, 5, 4), busy)

    assert [start[:5] for start in offered if "09:15" <= start < "10:56"] == ["09:15", "09:20", "10:50", "10:55"]


@pytest.mark.row("G-3")
def test_buffers_are_kept_for_every_host_of_a_meeting_together():
    day = clocks.days(date(2026, 5, 4), date(2026, 5, 4), "UTC")
    busy = [(minute(2026, 5, 4, 9, 30), minute(2026, 5, 4, 10))]
    olga, mina = Host(hours("UTC", (9, 11)), []), Host(hours("Europe/Berlin", (9, 18)), busy)

    offered = availability.together([olga, mina], terms(30, 30, buffer_before=15), day)

    assert offered == [minute(2026, 5, 4, 9), minute(2026, 5, 4, 10, 30)]


def test_buffers_may_stick_out_of_the_hours():
    assert shown(hours("UTC", (9, 9.5)), terms(30, buffer_before=60, buffer_after=60), date(2026, 5, 4)) == [
        "09:00+0000"
    ]


def test_busy_time_that_only_touches_a_meeting_does_not_take_it():
    busy = [(minute(2026, 5, 4, 8), minute(2026, 5, 4, 9)), (minute(2026, 5, 4, 9, 30), minute(2026, 5, 4, 10))]

    assert shown(hours("UTC", (9, 10)), terms(), date(2026, 5, 4), busy) == ["09:00+0000"]


@pytest.mark.row("G-7")
def test_an_override_replaces_the_hours_of_its_date_only():
    monday, tuesday, wednesday = (date(2026, 5, day) for day in (4, 5, 6))
    whose = hours("Europe/Berlin", (9, 10), overrides={monday: ((780, 810), (840, 870)), tuesday: ()})

    offered = [shown(whose, terms(), day) for day in (monday, tuesday, wednesday)]

    assert offered == [["13:00+0200", "14:00+0200"], [], ["09:00+0200", "09:30+0200"]]


def test_the_earliest_start_is_offered_and_the_latest_is_not():
    limits = {"earliest": minute(2026, 5, 4, 9, 30), "latest": minute(2026, 5, 4, 10, 30)}

    assert shown(hours("UTC", (9, 12)), terms(**limits), date(2026, 5, 4)) == ["09:30+0000", "10:00+0000"]
    assert shown(hours("UTC", (9, 12)), terms(earliest=9, latest=3), date(2026, 5, 4)) == []


def test_a_visitor_across_the_date_line_gets_every_start_of_his_own_day():
    kiritimati = hours("Pacific/Kiritimati", (0, 24))
    his_day = clocks.days(date(2026, 5, 4), date(2026, 5, 4), "Pacific/Pago_Pago")

    offered = availability.starts(kiritimati, terms(60, 60), [], his_day)

    assert offered == list(range(minute(2026, 5, 4, 11), minute(2026, 5, 5, 11), 60))


# Changes of the clocks


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), ["01:00+0100", "01:30+0100", "03:00+0200", "03:30+0200"]),
        ("America/New_York", date(2026, 3, 8), ["01:00-0500", "01:30-0500", "03:00-0400", "03:30-0400"]),
        ("Australia/Sydney", date(2026, 10, 4), ["01:00+1000", "01:30+1000", "03:00+1100", "03:30+1100"]),
        (
            "Australia/Lord_Howe",
            date(2026, 10, 4),
            ["01:00+1030", "01:30+1030", "02:30+1100", "03:00+1100", "03:30+1100"],
        ),
        ("Africa/Casablanca", date(2026, 3, 22), ["01:00+0000", "01:30+0000", "03:00+0100", "03:30+0100"]),
    ],
)
def test_times_that_the_clocks_skip_are_not_offered(zone, day, expected):
    assert shown(hours(zone, (1, 4)), terms(), day) == expected


@pytest.mark.parametrize(
    ("zone", "day", "before", "twice", "after"),
    [
        ("Europe/Berlin", date(2026, 10, 25), "+0200", ["02:00", "02:30"], "+0100"),
        ("America/New_York", date(2026, 11, 1), "-0400", ["01:00", "01:30"], "-0500"),
        ("Australia/Sydney", date(2026, 4, 5), "+1100", ["02:00", "02:30"], "+1000"),
        ("Australia/Lord_Howe", date(2026, 4, 5), "+1100", ["01:30"], "+1030"),
        ("America/Santiago", date(2026, 4, 4), "-0300", ["23:00", "23:30"], "-0400"),
        ("Africa/Casablanca", date(2026, 2, 15), "+0100", ["02:00", "02:30"], "+0000"),
    ],
)
def test_times_that_the_clocks_show_twice_are_offered_twice(zone, day, before, twice, after):
    offered = shown(hours(zone, (0, 24)), terms(), day)

    seen = [time for time in offered if time[:5] in twice]
    assert seen == [time + before for time in twice] + [time + after for time in twice]
    assert len(offered) == 48 + len(twice)


@pytest.mark.parametrize(("zone", "day"), [("America/Santiago", date(2026, 9, 6)), ("Asia/Beirut", date(2026, 3, 29))])
def test_a_day_may_begin_at_one_o_clock_and_its_grid_still_counts_from_midnight(zone, day):
    offered = shown(hours(zone, (0, 3)), terms(30, 45), day)

    assert [time[:5] for time in offered] == ["01:30", "02:15"]


def test_a_day_that_the_zone_skipped_offers_nothing_and_meetings_run_across_it():
    apia = hours("Pacific/Apia", (23, 24), (0, 1))

    assert shown(apia, terms(), date(2011, 12, 30)) == []
    assert shown(apia, terms(60, 30), date(2011, 12, 29))[-2:] == ["23:00-1000", "23:30-1000"]


def test_a_meeting_lasts_as_long_as_it_says_across_a_change():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    night = hours("Europe/Berlin", (1, 4))

    assert shown(night, terms(120, 60), spring) == ["01:00+0100"]
    assert shown(night, terms(240, 60), autumn) == ["01:00+0200"]


def test_hours_that_end_inside_an_overlap_end_there_both_times():
    night = hours("Europe/Berlin", (1, 2.5))

    assert shown(night, terms(), date(2026, 10, 25)) == ["01:00+0200", "01:30+0200", "02:00+0200", "02:00+0100"]
    assert shown(night, terms(90, 30), date(2026, 10, 25)) == ["01:00+0200"]


def test_hours_that_begin_or_end_inside_a_gap_begin_or_end_at_the_change():
    spring = date(2026, 3, 29)

    assert shown(hours("Europe/Berlin", (1, 2.5)), terms(), spring) == ["01:00+0100", "01:30+0100"]
    assert shown(hours("Europe/Berlin", (2.25, 4)), terms(15, 30), spring) == ["03:15+0200", "03:45+0200"]
    assert shown(hours("Europe/Berlin", (2, 3)), terms(15), spring) == []


# What cannot be


@pytest.mark.parametrize("wrong", [{"duration": 0}, {"duration": -30}, {"increment": 0}, {"buffer_after": -5}])
def test_impossible_terms_are_refused(wrong):
    with pytest.raises(ValueError, match="positive"):
        terms(**wrong)


def test_hours_beyond_their_day_are_refused():
    with pytest.raises(ValueError, match="within their day"):
        Hours("UTC", ((0, 1380, 1500),))
    with pytest.raises(ValueError, match="within their day"):
        Hours("UTC", (), {date(2026, 5, 4): ((-60, 60),)})

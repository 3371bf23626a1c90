"""What is offered, worked out minute by minute with zoneinfo: slow and obvious. And whatever hypothesis tries it on."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from scheduling.availability import Hours, Terms
from scheduling.intervals import Span

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",  # standard time in summer: its DST is negative
    "America/New_York",
    "America/St_Johns",  # changed at 00:01 until 2011
    "America/Santiago",  # changes at midnight, southern
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Africa/Casablanca",  # an hour back for Ramadan
    "Asia/Beirut",  # changes at midnight, northern
    "Asia/Kathmandu",
    "Asia/Gaza",
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Apia",  # skipped 30 December 2011
]


def minute(year: int, month: int, day: int, hour: int = 0, minutes: int = 0, zone: str = "UTC") -> int:
    """Minutes since the epoch of a wall-clock time."""
    return int(datetime(year, month, day, hour, minutes, tzinfo=ZoneInfo(zone)).timestamp()) // 60


def reading(minute: int, zone: str) -> datetime:
    """What the clock shows."""
    return (EPOCH + timedelta(minutes=minute)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def grid(hours: Hours, day: date) -> dict[int, int]:
    """Each minute of `day` that lies in the hours, and how long its block has then been going on."""
    weekly = [(start, end) for weekday, start, end in hours.weekly if weekday == day.weekday()]
    opened = {m for start, end in hours.overrides.get(day, weekly) for m in range(start, end)}
    since: dict[int, int] = {}
    for m in sorted(opened):
        since[m] = since.get(m - 1, -1) + 1
    return since


def starts(hours: Hours, terms: Terms, busy: Iterable[Span], window: Span) -> list[int]:
    first, last = max(window[0], terms.earliest), min(window[1], terms.latest)
    shown = {m: reading(m, hours.time_zone) for m in range(first, last + terms.duration)}
    grids = {day: grid(hours, day) for day in {local.date() for local in shown.values()}}
    opened = ((m, grids[local.date()].get(local.hour * 60 + local.minute)) for m, local in shown.items())
    since = {m: minutes for m, minutes in opened if minutes is not None}
    left: dict[int, int] = {}
    for m in reversed(since):
        left[m] = left.get(m + 1, 0) + 1
    taken = {m for start, end in busy for m in range(start, end)}
    return [
        start
        for start in range(first, last)
        if left.get(start, 0) >= terms.duration
        and since[start] % terms.increment == 0
        and taken.isdisjoint(range(start - terms.buffer_before, start + terms.duration + terms.buffer_after))
    ]


@lru_cache
def changes(zone: str) -> list[date]:
    """Days of 2005 to 2037 on which the clocks of `zone` change."""
    days = [datetime(2005, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(33 * 365)]
    offsets = [day.astimezone(ZoneInfo(zone)).utcoffset() for day in days]
    return [day.date() for day, before, after in zip(days, offsets, offsets[1:], strict=False) if before != after]


def days(zone: str) -> st.SearchStrategy[date]:
    """Any day, but mostly one on which the clocks change."""
    any_day = st.dates(date(2005, 1, 1), date(2037, 12, 31))
    return st.sampled_from(changes(zone)) | any_day if changes(zone) else any_day


spans_of_a_day = st.tuples(
    st.sampled_from([0, 0, 30, 60, 90, 115, 120, 150, 180, 540, 600, 1380]) | st.integers(0, 1440),
    st.sampled_from([60, 90, 120, 125, 150, 180, 240, 300, 1020, 1410, 1440, 1440]) | st.integers(0, 1440),
).map(lambda span: (min(span), max(span)))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Hours, Terms, list[Span], Span]:
    """Hours, terms, busy and a window, close together and close to a change of clocks."""
    zone = draw(st.sampled_from(ZONES))
    day = draw(days(zone))
    window = (
        minute(day.year, day.month, day.day) - draw(st.integers(0, 900)),
        minute(day.year, day.month, day.day) + 1900,
    )
    weekly = draw(st.lists(st.tuples(st.integers(0, 6), spans_of_a_day), max_size=14))
    every_day = draw(st.lists(spans_of_a_day, max_size=2))
    near = st.integers(-1, 2).map(lambda n: day + timedelta(days=n))
    hours = Hours(
        time_zone=zone,
        weekly=tuple((weekday, *span) for weekday, span in weekly)
        + tuple((weekday, *span) for weekday in range(7) for span in every_day),
        overrides=draw(st.dictionaries(near, st.lists(spans_of_a_day, max_size=3).map(tuple), max_size=2)),
    )
    lengths = st.tuples(st.integers(window[0] - 200, window[1] + 200), st.sampled_from([0, 1, 5, 15, 60, 200]))
    busy = draw(st.lists(lengths.map(lambda span: (span[0], sum(span))), max_size=8))
    terms = Terms(
        duration=draw(st.sampled_from([1, 5, 15, 30, 45, 60, 90, 180]) | st.integers(1, 1600)),
        increment=draw(st.sampled_from([5, 10, 15, 20, 30, 45, 60, 7, 1])),
        earliest=draw(st.just(0) | st.integers(window[0] - 60, window[1] + 60)),
        latest=draw(st.just(2**40) | st.integers(window[0] - 60, window[1] + 60)),
        buffer_before=draw(st.sampled_from([0, 0, 5, 10, 61])),
        buffer_after=draw(st.sampled_from([0, 0, 5, 15, 61])),
    )
    return hours, terms, busy, window

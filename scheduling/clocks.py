"""Between what a clock on the wall shows in a time zone, and the minutes since the epoch that it shows it in.

When clocks change they skip readings, or show them twice. Offsets are read from zoneinfo once and kept as stretches of
one offset each. Since 1970 no zone has changed twice within three days, so looking once a day finds every change; since
1973 every offset is of whole minutes.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import MAXYEAR, UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from scheduling import intervals
from scheduling.intervals import DAY, Span

Stretch = tuple[int, int, int]
"""Start, end, and the offset between them, in minutes: the clock shows `minute + offset`."""

CHUNK = 128 * DAY
EARLIEST = intervals.minute(datetime(2, 1, 1, tzinfo=UTC))
LATEST = intervals.minute(datetime(MAXYEAR, 1, 1, tzinfo=UTC))


def offset(minute: int, time_zone: str) -> int:
    """Minutes that clocks in `time_zone` are ahead of UTC. Raises what ZoneInfo raises if there is no such zone."""
    local = intervals.instant(min(max(minute, EARLIEST), LATEST)).astimezone(ZoneInfo(time_zone))
    return (local.replace(tzinfo=UTC) - local) // intervals.MINUTE


def stretches(span: Span, time_zone: str) -> list[Stretch]:
    """`span` cut where the clocks change."""
    chunks = range(span[0] // CHUNK, -(-span[1] // CHUNK))
    changes = [change for number in chunks for change in _changes(number, time_zone)]
    until = pairwise([*changes, (span[1], 0)])
    cut = [(max(start, span[0]), min(end, span[1]), ahead) for (start, ahead), (end, _) in until]
    return [stretch for stretch in cut if stretch[0] < stretch[1]]


def minutes(reading: datetime, time_zone: str) -> list[int]:
    """When the clocks show `reading` (naive, whole minutes): never (a gap), once, or twice (an overlap)."""
    wall = intervals.minute(reading.replace(tzinfo=UTC))
    nearby = stretches((wall - 2 * DAY, wall + 2 * DAY), time_zone)
    return [wall - ahead for start, end, ahead in nearby if start <= wall - ahead < end]


def days(first: date, last: date, time_zone: str) -> Span:
    """From the first to the last minute whose date in `time_zone` is one of `first` to `last`, both included.

    Empty if the zone skipped these days (Samoa, 30 December 2011).
    """
    opens, closes = (day_number(day) * DAY for day in (first, last))
    shown = [
        (max(start, opens - ahead), min(end, closes + DAY - ahead))
        for start, end, ahead in stretches((opens - 2 * DAY, closes + 3 * DAY), time_zone)
    ]
    inside = intervals.merge(shown)
    return (inside[0][0], inside[-1][1]) if inside else (opens, opens)


def by_date(minutes: Sequence[int], time_zone: str) -> dict[date, list[int]]:
    """Sorted minutes under the dates that clocks show in them."""
    found: dict[int, list[int]] = {}
    for start, end, ahead in stretches((minutes[0], minutes[-1] + 1), time_zone) if minutes else []:
        for minute in minutes[bisect_left(minutes, start) : bisect_left(minutes, end)]:
            found.setdefault((minute + ahead) // DAY, []).append(minute)
    return {date.fromordinal(day + intervals.EPOCH.toordinal()): there for day, there in found.items()}


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - intervals.EPOCH.toordinal()


@lru_cache(maxsize=4096)
def _changes(number: int, time_zone: str) -> tuple[tuple[int, int], ...]:
    """The offset at the start of a chunk, and each later one with the minute it begins."""
    start = number * CHUNK
    found = [(start, offset(start, time_zone))]
    for day in range(start, start + CHUNK, DAY):
        before, after = found[-1][1], offset(day + DAY, time_zone)
        if before != after:
            found.append((_change(day, day + DAY, time_zone), after))
    return tuple(found)


def _change(before: int, after: int, time_zone: str) -> int:
    """The minute in (before, after] at which the offset becomes that of `after`."""
    wanted = offset(after, time_zone)
    while after - before > 1:
        middle = (before + after) // 2
        if offset(middle, time_zone) == wanted:
            after = middle
        else:
            before = middle
    return after

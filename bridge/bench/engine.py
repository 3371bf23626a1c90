"""Pure computation: the slots of a month. No database, no HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from bridge.bench import spread
from scheduling import availability, intervals
from scheduling.availability import Host, Hours, Terms
from scheduling.intervals import DAY, Span

BERLIN = Hours("Europe/Berlin", tuple((weekday, 9 * 60, 17 * 60) for weekday in range(7)))
# The month of the change to summer time, so that its work is counted.
MARCH = intervals.minute(datetime(2027, 3, 1, tzinfo=UTC))
WINDOW = (MARCH, MARCH + 31 * DAY)
TERMS = Terms(duration=30, increment=15, earliest=WINDOW[0], latest=WINDOW[1], buffer_before=5, buffer_after=5)


def report() -> Iterator[str]:
    yield "The slots of a month, computed (ms)"
    for count in (0, 100, 1_000, 10_000):
        taken = busy(count)
        figure = spread.seconds(partial(availability.starts, BERLIN, TERMS, taken, WINDOW))
        yield f"  one host, {count:6} busy intervals  {figure.show(digits=2, scale=1000)}"
    for count in (10, 50, 200):
        hosts = [Host(BERLIN, busy(100, shift=number)) for number in range(count)]
        figure = spread.seconds(partial(availability.together, hosts, TERMS, WINDOW), times=7)
        yield f"  {count:3} hosts, 100 busy intervals each {figure.show(digits=2, scale=1000)}"


def busy(count: int, *, shift: int = 0) -> list[Span]:
    """`count` intervals spread evenly over the month, sorted; from 10,000 on they overlap nearly everywhere."""
    length = WINDOW[1] - WINDOW[0]
    starts = (WINDOW[0] + (number * length // max(count, 1) + 7 * shift) % length for number in range(count))
    return sorted((start, start + 3) for start in starts)

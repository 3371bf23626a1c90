"""When somebody can be booked: hours on the wall, without what is busy, across changes of the clocks.

A minute is working time if and only if the host's clock then shows a time within the hours of the date it shows. So:

- a time that the clocks skip is not offered; hours that begin or end in a gap begin or end at the change;
- a time that the clocks show twice is offered twice; hours that begin or end inside an overlap do so both times, and
  what the clock shows outside of them is a pause in between;
- a meeting lasts as long as it says, in real time, so across a change it may end at an unexpected reading.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduling import clocks, intervals
from scheduling.intervals import DAY, Span

Piece = tuple[int, int, int]
"""Working time on one date under one offset: start, end, and where its grid is anchored (perhaps before its start)."""

THURSDAY = 3
"""The weekday of 1970-01-01."""


@dataclass(frozen=True)
class Hours:
    """In minutes of the day, up to 1440. An override replaces the hours of its date; an empty one closes the day."""

    time_zone: str
    weekly: tuple[tuple[int, int, int], ...]
    """(weekday, start, end); Monday is 0."""
    overrides: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        of_dates = [span for spans in self.overrides.values() for span in spans]
        if any(not 0 <= start <= end <= DAY for start, end in [span[1:] for span in self.weekly] + of_dates):
            raise ValueError("Hours lie within their day.")


@dataclass(frozen=True)
class Terms:
    """What a start must satisfy, in minutes; `earliest` (included) and `latest` (not included) since the epoch."""

    duration: int
    increment: int
    earliest: int
    latest: int
    buffer_before: int = 0
    buffer_after: int = 0

    def __post_init__(self) -> None:
        if min(self.duration, self.increment) < 1 or min(self.buffer_before, self.buffer_after) < 0:
            raise ValueError("Duration and increment are positive, buffers are not negative.")


@dataclass(frozen=True)
class Host:
    hours: Hours
    busy: Sequence[Span]


def starts(hours: Hours, terms: Terms, busy: Iterable[Span], window: Span) -> list[int]:
    """The starts to offer within `window`, sorted. `busy` may be in any order; sorted is quickest.

    The meeting lies within the hours, where blocks that touch are one, also across midnight; its buffers may stick out;
    neither touches busy time. The grid counts wall-clock time from the start of each block, and begins anew each day.
    """
    window = _permitted(terms, window)
    pieces = working(hours, (window[0], window[1] + terms.duration))
    return _on_grid(pieces, _free(pieces, terms, busy, window), terms.increment)


def together(hosts: Sequence[Host], terms: Terms, window: Span) -> list[int]:
    """The starts at which all of `hosts` (at least one) are free, on the grid of the first."""
    window = _permitted(terms, window)
    reach = (window[0], window[1] + terms.duration)
    grid = working(hosts[0].hours, reach)
    free = _free(grid, terms, hosts[0].busy, window)
    for host in hosts[1:]:
        free = intervals.intersect(free, _free(working(host.hours, reach), terms, host.busy, window))
    return _on_grid(grid, free, terms.increment)


def grid(hours: Hours, increment: int, window: Span) -> list[int]:
    """The starts within `window` that the hours alone would give to a meeting of no length."""
    return _on_grid(working(hours, window), [window], increment)


def working(hours: Hours, span: Span) -> list[Piece]:
    """The working time within `span`, sorted and apart; pieces may touch."""
    overrides = {clocks.day_number(day): intervals.merge(spans) for day, spans in hours.overrides.items()}
    week = [intervals.merge((start, end) for day, start, end in hours.weekly if day == weekday) for weekday in range(7)]
    pieces: list[Piece] = []
    for start, end, ahead in clocks.stretches(span, hours.time_zone):
        for day in range((start + ahead) // DAY, (end - 1 + ahead) // DAY + 1):
            midnight = day * DAY - ahead
            for opens, closes in overrides.get(day, week[(day + THURSDAY) % 7]):
                piece = (max(midnight + opens, start), min(midnight + closes, end), midnight + opens)
                if piece[0] < piece[1]:
                    pieces.append(piece)
    return pieces


def _permitted(terms: Terms, window: Span) -> Span:
    start, end = max(window[0], terms.earliest), min(window[1], terms.latest)
    return start, max(start, end)


def _free(pieces: list[Piece], terms: Terms, busy: Iterable[Span], window: Span) -> list[Span]:
    """The starts within `window` at which a meeting fits into the pieces and beside what is busy; on any minute."""
    opened = intervals.merge((start, end) for start, end, _ in pieces)
    fitting = [(start, end - terms.duration + 1) for start, end in opened if end - start >= terms.duration]
    return intervals.subtract(intervals.intersect(fitting, [window]), _blocked(terms, busy, window))


def _blocked(terms: Terms, busy: Iterable[Span], window: Span) -> list[Span]:
    """The starts within `window` at which the meeting or a buffer would touch busy time."""
    before, after = terms.buffer_before, terms.duration + terms.buffer_after - 1
    low, high = window[0] - before, window[1] + after
    return intervals.merge(
        [(start - after, end + before) for start, end in busy if end > low and start < high and start < end]
    )


def _on_grid(pieces: list[Piece], free: Sequence[Span], increment: int) -> list[int]:
    found: list[int] = []
    position = 0
    for start, end, anchor in pieces:
        while position < len(free) and free[position][1] <= start:
            position += 1
        ahead = position
        while ahead < len(free) and free[ahead][0] < end:
            low, high = max(start, free[ahead][0]), min(end, free[ahead][1])
            found.extend(range(low + (anchor - low) % increment, high, increment))
            ahead += 1
    return found

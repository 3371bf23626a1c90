"""From when and until when a start is permitted, and which rules forbid one that is not offered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from scheduling import availability, clocks, intervals
from scheduling.availability import Hours, Terms
from scheduling.intervals import Span

ANY_TIME: Span = (clocks.EARLIEST, clocks.LATEST)


class Rule(Enum):
    SKIPPED = "skipped"  # the clocks jump over this time
    PAST = "past"
    TOO_SOON = "too soon"  # before Terms.earliest: minimum notice, or the window has not opened
    TOO_LATE = "too late"  # not before Terms.latest: beyond the window
    CLOSED = "closed"  # an override closes the date
    OUTSIDE = "outside"  # starts outside the hours
    OVERRUNS = "overruns"  # starts within the hours, ends outside
    OFF_GRID = "off grid"
    BUSY = "busy"  # the meeting itself meets busy time
    BUFFER = "buffer"  # only a buffer does


@dataclass(frozen=True)
class Objection:
    rule: Rule
    span: Span | None = None
    """What is in the way, as it was given, if the rule is BUSY or BUFFER."""


def rolling(now: datetime, days: int, time_zone: str) -> Span:
    """Today and the `days` after it, as dates in `time_zone`."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    return clocks.days(today, today + timedelta(days=days), time_zone)


def between(first: date, last: date, time_zone: str) -> Span:
    """All of `first` to `last`, both included, as dates in `time_zone`."""
    return clocks.days(first, last, time_zone)


def permitted(now: datetime, *, notice: int = 0, window: Span = ANY_TIME) -> Span:
    """The earliest start (included) and the latest (not included), for Terms; `notice` in minutes."""
    return max(intervals.next_minute(now) + notice, window[0]), window[1]


def skipped(reading: datetime, time_zone: str) -> list[Objection]:
    """The objection to a reading (naive) that never comes; without it, ask `why` about each of clocks.minutes."""
    return [] if clocks.minutes(reading, time_zone) else [Objection(Rule.SKIPPED)]


def why(hours: Hours, terms: Terms, busy: Iterable[Span], start: int, now: datetime) -> list[Objection]:
    """Everything against `start`. Empty if and only if availability.starts offers it."""
    return _too_soon_or_late(terms, start, now) + _against_the_hours(hours, terms, start) + meets(terms, busy, start)


def why_none(hours: Hours, terms: Terms, busy: Iterable[Span], window: Span, now: datetime) -> list[Objection]:
    """Everything against the starts of the grid within `window`, or against its beginning if the hours give none."""
    busy = list(busy)
    candidates = availability.grid(hours, terms.increment, window) or [window[0]]
    found = (objection for start in candidates for objection in why(hours, terms, busy, start, now))
    return list(dict.fromkeys(found))


def _too_soon_or_late(terms: Terms, start: int, now: datetime) -> list[Objection]:
    if start < terms.earliest:
        return [Objection(Rule.PAST if start < intervals.next_minute(now) else Rule.TOO_SOON)]
    return [Objection(Rule.TOO_LATE)] if start >= terms.latest else []


def _against_the_hours(hours: Hours, terms: Terms, start: int) -> list[Objection]:
    pieces = availability.working(hours, (start, start + terms.duration))
    if not pieces or pieces[0][0] > start:
        return [Objection(Rule.CLOSED if _is_closed(hours, start) else Rule.OUTSIDE)]
    found = []
    if intervals.merge((opens, closes) for opens, closes, _ in pieces)[0][1] < start + terms.duration:
        found.append(Objection(Rule.OVERRUNS))
    if (start - pieces[0][2]) % terms.increment:
        found.append(Objection(Rule.OFF_GRID))
    return found


def _is_closed(hours: Hours, start: int) -> bool:
    today = (start + clocks.offset(start, hours.time_zone)) // intervals.DAY
    return any(clocks.day_number(day) == today and not spans for day, spans in hours.overrides.items())


def meets(terms: Terms, busy: Iterable[Span], start: int) -> list[Objection]:
    """What of `busy` stands against `start`."""
    end = start + terms.duration
    low, high = start - terms.buffer_before, end + terms.buffer_after
    near = sorted(span for span in busy if low < span[1] and span[0] < high and span[0] < span[1])
    return [Objection(Rule.BUSY if start < span[1] and span[0] < end else Rule.BUFFER, span) for span in near]

"""A month as a page of a calendar, and the times of one day: plain values, pure.

`free` maps dates, as they are shown in the reader's zone, to what is free on them.
"""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduling.reader import Reader

Free = Mapping[date, Sequence[object]]


@dataclass(frozen=True)
class Day:
    """`words` name the whole date, for those who hear it; only where it can be chosen."""

    date: date
    is_free: bool
    is_chosen: bool
    is_today: bool
    words: str


@dataclass(frozen=True)
class Time:
    """A start as the reader's clock shows it; `offset` only where the clock shows this reading twice that night."""

    start: datetime
    clock: str
    offset: str = ""


def weeks(month: date, free: Free, *, chosen: date | None, today: date, reader: Reader) -> list[list[Day | None]]:
    """The weeks of `month` (its first day), None where a neighbouring month would be."""
    return [
        [_day(day, free, chosen, today, reader) if day.month == month.month else None for day in week]
        for week in Calendar(reader.first_weekday).monthdatescalendar(month.year, month.month)
    ]


def weekdays(reader: Reader) -> list[date]:
    """One date for each weekday, in the reader's order; only the weekday counts."""
    monday = date(2024, 1, 1)
    return [monday + timedelta(days=(reader.first_weekday + number) % 7) for number in range(7)]


def times(starts: Sequence[datetime], reader: Reader) -> list[Time]:
    return [Time(start, reader.clock(start), reader.offset_if_twice(start)) for start in starts]


def first_of(month: date) -> date:
    return month.replace(day=1)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def previous_month(month: date) -> date:
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def last_of(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def _day(day: date, free: Free, chosen: date | None, today: date, reader: Reader) -> Day:
    is_free = bool(free.get(day))
    words = reader.day(day) if is_free else ""
    return Day(day, is_free, is_chosen=day == chosen, is_today=day == today, words=words)

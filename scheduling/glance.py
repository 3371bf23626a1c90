"""A schedule at a glance: weekdays that are alike in one line, and the dates to come that differ."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.timezone import now
from django.utils.translation import gettext as _

from scheduling.intervals import DAY, Span
from scheduling.models import Schedule
from scheduling.reader import Reader

MOST_DATES = 4


@dataclass(frozen=True)
class Glance:
    schedule: Schedule
    week: list[tuple[str, str]]
    """Days and hours, such as ("Mon–Fri", "09:00–17:00"), as the reader knows clocks."""
    dates: list[tuple[date, str]]
    """The next ones; hours are empty if it is closed."""
    more_dates: int
    used_by: list[str]


def of(schedule: Schedule, *, reader: Reader) -> Glance:
    """Prefetch weekly_hours, overrides and schedulers for many."""
    coming = _dates(schedule, reader)
    users = [scheduler.name for scheduler in schedule.schedulers.all()]
    return Glance(schedule, _week(schedule, reader), coming[:MOST_DATES], max(len(coming) - MOST_DATES, 0), users)


def in_words(spans: Iterable[Span], reader: Reader) -> str:
    return ", ".join(f"{_clock(start, reader)}–{_clock(end, reader)}" for start, end in sorted(spans))


def _week(schedule: Schedule, reader: Reader) -> list[tuple[str, str]]:
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in schedule.weekly_hours.all():
        spans[row.weekday].append((row.start_minute, row.end_minute))
    hours = [(weekday, in_words(spans[weekday], reader)) for weekday in range(7)]
    alike = [(list(days), words) for words, days in groupby(hours, key=lambda one: one[1])]
    return [(_days(days[0][0], days[-1][0]), words or _("Not available")) for days, words in alike]


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS_ABBR[first])
    return f"{WEEKDAYS_ABBR[first]}–{WEEKDAYS_ABBR[last]}"


def _dates(schedule: Schedule, reader: Reader) -> list[tuple[date, str]]:
    today = now().date()
    spans: dict[date, list[Span]] = defaultdict(list)
    for row in schedule.overrides.all():
        if row.date >= today:
            blocks = spans[row.date]
            if row.start_minute is not None and row.end_minute is not None:
                blocks.append((row.start_minute, row.end_minute))
    return [(day, in_words(found, reader)) for day, found in sorted(spans.items())]


def _clock(minute: int, reader: Reader) -> str:
    if minute == DAY and not reader.twelve_hours:
        return "24:00"
    return reader.reading(time(minute // 60 % 24, minute % 60))

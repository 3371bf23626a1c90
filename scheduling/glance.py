"""A schedule at a glance: weekdays that are alike in one line, and the dates to come that differ."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.timezone import now
from django.utils.translation import gettext as _

from scheduling.intervals import DAY, Span
from scheduling.models import Schedule

MOST_DATES = 4


@dataclass(frozen=True)
class Glance:
    schedule: Schedule
    week: list[tuple[str, str]]
    """Days and hours, such as ("Mon–Fri", "09:00–17:00")."""
    dates: list[tuple[date, str]]
    """The next ones; hours are empty if it is closed."""
    more_dates: int
    used_by: list[str]


def of(schedule: Schedule) -> Glance:
    """Prefetch weekly_hours, overrides and schedulers for many."""
    coming = _dates(schedule)
    users = [scheduler.name for scheduler in schedule.schedulers.all()]
    return Glance(schedule, _week(schedule), coming[:MOST_DATES], max(len(coming) - MOST_DATES, 0), users)


def in_words(spans: Iterable[Span]) -> str:
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in sorted(spans))


def _week(schedule: Schedule) -> list[tuple[str, str]]:
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in schedule.weekly_hours.all():
        spans[row.weekday].append((row.start_minute, row.end_minute))
    hours = [(weekday, in_words(spans[weekday])) for weekday in range(7)]
    alike = [(list(days), words) for words, days in groupby(hours, key=lambda one: one[1])]
    return [(_days(days[0][0], days[-1][0]), words or _("Not available")) for days, words in alike]


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS_ABBR[first])
    return f"{WEEKDAYS_ABBR[first]}–{WEEKDAYS_ABBR[last]}"


def _dates(schedule: Schedule) -> list[tuple[date, str]]:
    today = now().date()
    spans: dict[date, list[Span]] = defaultdict(list)
    for row in schedule.overrides.all():
        if row.date >= today:
            blocks = spans[row.date]
            if row.start_minute is not None and row.end_minute is not None:
                blocks.append((row.start_minute, row.end_minute))
    return [(day, in_words(found)) for day, found in sorted(spans.items())]


def _clock(minute: int) -> str:
    return "24:00" if minute == DAY else f"{minute // 60:02}:{minute % 60:02}"

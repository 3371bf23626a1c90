"""When a series happens: the pattern and range of Graph, as dates in its own zone."""

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from integrations.simulators.microsoft.errors import invalid_property
from integrations.simulators.microsoft.graph import zones
from integrations.simulators.microsoft.records import Event

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
TYPES = ("daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly")


def starts(event: Event, after: datetime, before: datetime) -> Iterator[datetime]:
    """Those of the series in [after, before), at the same time of day in its zone across changes of the clock."""
    zone = zones.named(event.start_zone)
    at = event.start.astimezone(zone).time()
    for day in _dates(event.recurrence or {}, before.astimezone(zone).date() + timedelta(days=1)):
        start = datetime.combine(day, at, zone).astimezone(UTC)
        if start >= before:
            return
        if start >= after:
            yield start


def check(recurrence: dict[str, Any]) -> None:
    """Raises GraphError."""
    pattern, span = recurrence.get("pattern") or {}, recurrence.get("range") or {}
    if pattern.get("type") not in TYPES or span.get("type") not in ("endDate", "noEnd", "numbered"):
        raise invalid_property("The recurrence pattern or range is not valid.")
    try:
        next(_dates(recurrence, date.max), None)
    except (KeyError, ValueError, TypeError) as error:
        raise invalid_property("The recurrence pattern or range is not valid.") from error


def _dates(recurrence: dict[str, Any], until: date) -> Iterator[date]:
    pattern, span = recurrence["pattern"], recurrence["range"]
    start = date.fromisoformat(span["startDate"])
    last = min(until, date.fromisoformat(span["endDate"])) if span["type"] == "endDate" else until
    most = int(span["numberOfOccurrences"]) if span["type"] == "numbered" else None
    for number, day in enumerate(_endless(pattern, start)):
        if day > last or number == most:
            return
        yield day


def _endless(pattern: dict[str, Any], start: date) -> Iterator[date]:
    interval = max(1, int(pattern.get("interval") or 1))
    if pattern["type"] == "daily":
        return (start + timedelta(days=number * interval) for number in count())
    if pattern["type"] == "weekly":
        return _weekly(pattern, start, interval)
    months = interval * (12 if "Yearly" in pattern["type"] else 1)
    return _monthly(pattern, start, months)


def _weekly(pattern: dict[str, Any], start: date, interval: int) -> Iterator[date]:
    first = DAYS.index(pattern.get("firstDayOfWeek") or "sunday")
    week = start - timedelta(days=(start.weekday() - first) % 7)
    offsets = sorted((DAYS.index(day) - first) % 7 for day in pattern["daysOfWeek"])
    for number in count():
        for offset in offsets:
            day = week + timedelta(weeks=number * interval, days=offset)
            if day >= start:
                yield day


def _monthly(pattern: dict[str, Any], start: date, months: int) -> Iterator[date]:
    month = int(pattern.get("month") or start.month) if "Yearly" in pattern["type"] else start.month
    for number in count():
        years, rest = divmod(month - 1 + number * months, 12)
        day = _in_month(pattern, start.year + years, rest + 1)
        if day >= start:
            yield day


def _in_month(pattern: dict[str, Any], year: int, month: int) -> date:
    last = calendar.monthrange(year, month)[1]
    if pattern["type"].startswith("absolute"):
        return date(year, month, min(int(pattern["dayOfMonth"]), last))
    wanted = {DAYS.index(day) for day in pattern["daysOfWeek"]}
    fitting = [date(year, month, day) for day in range(1, last + 1) if date(year, month, day).weekday() in wanted]
    return fitting[INDEXES[pattern.get("index") or "first"]]

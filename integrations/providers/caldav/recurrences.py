"""The instances of a series within a time (RFC 5545, 3.8.5), in a time that we choose: a rule may repeat every second
for ever, or never fall on any day at all.
"""

import time
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import recurring_ical_events
from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _
from icalendar import Calendar, Event
from recurring_ical_events.errors import InvalidCalendar, PeriodEndBeforeStart

from integrations.exceptions import RequestRejected
from integrations.providers.caldav.objects import first, listed

MOST_STEPS = 100_000
"""Of one rule, from its beginning to the end of the window."""
MOST_DATES = 10_000
MOST_SECONDS = 60.0
DAY = timedelta(days=1)
A_DAY = {"SECONDLY": 86_400, "MINUTELY": 1440, "HOURLY": 24}
OFTEN = set(A_DAY)
MULTIPLIERS = ("BYHOUR", "BYMINUTE", "BYSECOND")
CYCLE, LAST_CYCLES = 400, (9200, 9600)

Window = tuple[datetime, datetime]


class Effort:
    """What one look into a calendar may spend on its series."""

    def __init__(self) -> None:
        self._spent = 0.0

    def instances(self, events: list[Event], window: Window) -> list[Event]:
        """Of one object. Raises RequestRejected once the series of a calendar took too long together."""
        if self._spent > MOST_SECONDS:
            raise RequestRejected(_("This calendar has too many series that repeat too often. Shorten some of them."))
        began = time.monotonic()
        try:
            return within(events, window)
        finally:
            self._spent += time.monotonic() - began


def repeats(events: list[Event]) -> bool:
    return any(name in event for event in events for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def within(events: list[Event], window: Window) -> list[Event]:
    """With a day to spare on both sides: floating times and whole days are elsewhere at other hours.

    A series that is too dense is one event from its first to its last moment in the window. Raises ValueError for a
    rule that makes no sense.
    """
    _require_sense(events)
    start, end = window[0] - DAY, window[1] + DAY
    whole = next((event for event in events if _is_too_dense(event, end)), None)
    if whole is not None:
        return [_covering(whole, start, end)]
    calendar = Calendar()
    for event in events:
        calendar.add_component(_without_empty_rules(event))
    try:
        return list(recurring_ical_events.of(calendar).between(start, end))
    except (TypeError, KeyError, AttributeError, OverflowError, InvalidCalendar, PeriodEndBeforeStart) as error:
        raise ValueError(str(error)) from error


def moment(when: date) -> datetime:
    """To compare with: floating times and days as if in UTC."""
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when


def _require_sense(events: list[Event]) -> None:
    """An interval of nothing would never end."""
    for rule in (rule for event in events for rule in listed(event, "RRULE")):
        interval = _part(rule, "INTERVAL")
        if not _part(rule, "FREQ") or (interval is not None and int(interval) < 1):
            raise ValueError("A rule without a step.")


def _is_too_dense(event: Event, end: datetime) -> bool:
    dates = sum(len(prop.dts) for name in ("RDATE", "EXDATE") for prop in listed(event, name))
    return dates > MOST_DATES or any(_steps(event, rule, end) > MOST_STEPS for rule in listed(event, "RRULE"))


def _steps(event: Event, rule: Any, end: datetime) -> float:
    """At most; how many times it may fall on before `end`, and look for them."""
    often = str(_part(rule, "FREQ") or "")
    if often in OFTEN and "BYSETPOS" in rule:
        return float("inf")
    interval = int(_part(rule, "INTERVAL") or 1)
    a_day: float = max(A_DAY.get(often, 1) / interval, 1)
    if often not in OFTEN:
        for name in MULTIPLIERS:
            a_day *= max(len(rule.get(name, ())), 1)
    days = max((_last(rule, end) - moment(first(event, "DTSTART").dt)) / DAY, 0) + 1
    count = _part(rule, "COUNT")
    return min(a_day * days, int(count) if count and often not in OFTEN else float("inf"))


def _last(rule: Any, end: datetime) -> datetime:
    until = _part(rule, "UNTIL")
    return min(moment(until), end) if isinstance(until, date) else end


def _covering(event: Event, start: datetime, end: datetime) -> Event:
    begun = moment(first(event, "DTSTART").dt)
    last = max((_last(rule, end) for rule in listed(event, "RRULE")), default=end)
    covering = Event()
    for name, value in event.items():
        if name not in ("RRULE", "RDATE", "EXDATE", "DTEND", "DURATION", "DTSTART"):
            covering[name] = value
    begins = max(begun, start)
    covering.DTSTART, covering.DTEND = begins, max(last, begins)
    return covering


def _without_empty_rules(event: Event) -> Event:
    """A rule that falls on no day (30 February) would be followed to the year 9999 for it."""
    rules = listed(event, "RRULE")
    kept = [rule for rule in rules if not _is_empty(event, rule)]
    if len(kept) == len(rules):
        return event
    found = event.copy()
    del found["RRULE"]
    if kept:
        found["RRULE"] = kept
    return found


def _is_empty(event: Event, rule: Any) -> bool:
    """Asked of its like in the last centuries that there are: days and weeks repeat every 400 years."""
    begins = moment(first(event, "DTSTART").dt).replace(tzinfo=None)
    late = begins.replace(year=LAST_CYCLES[begins.year % CYCLE < 300] + begins.year % CYCLE)
    plain = ";".join(part for part in _text(rule).split(";") if not part.startswith(("UNTIL=", "COUNT=")))
    try:
        return not list(islice(rrulestr(plain, dtstart=late), 1))
    except (ValueError, TypeError):
        return True


def _text(rule: Any) -> str:
    return str(rule.to_ical().decode())


def _part(rule: Any, name: str) -> Any:
    found = rule.get(name)
    return found[0] if isinstance(found, list) and found else found

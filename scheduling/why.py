"""Why a date or a time is not offered, asked in the words of the clock: the zone of the scheduler's hours."""

from datetime import date, datetime, time

from scheduling import clocks, intervals, limits, reasons, slots
from scheduling.models import Scheduler
from scheduling.types import Reason


def not_offered(scheduler: Scheduler, *, day: date, at: time | None, duration: int, region: str = "") -> list[Reason]:
    """Every rule against it, in words for a reader of that region; empty if it is offered.

    Without `at`, against every start of the day.
    """
    if at is None:
        return slots.why_not_day(scheduler, day, duration, region=region)
    zone, reading = scheduler.schedule.time_zone, datetime.combine(day, at.replace(second=0, microsecond=0))
    objections = limits.skipped(reading, zone)
    if objections:
        return reasons.of(objections, scheduler, clocks.days(day, day, zone)[0], region=region)
    return _once_or_twice(scheduler, clocks.minutes(reading, zone), duration, region)


def _once_or_twice(scheduler: Scheduler, minutes: list[int], duration: int, region: str) -> list[Reason]:
    """A reading that the clock shows twice is offered if one of the two is."""
    found = [slots.why_not(scheduler, intervals.instant(minute), duration, region=region) for minute in minutes]
    return min(found, key=len)

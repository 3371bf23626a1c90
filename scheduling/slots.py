"""The free times of a scheduler; and why a time is not offered."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils import timezone

from scheduling import availability, calendar_reasons, clocks, intervals, limits, offers, reasons
from scheduling.availability import Hours
from scheduling.intervals import DAY, Span
from scheduling.models import Booking, Scheduler
from scheduling.types import Reason

A_YEAR = 366 * DAY
NEARBY = timedelta(days=14)


def free(
    scheduler: Scheduler,
    *,
    duration: int,
    first: date,
    last: date,
    time_zone: str,
    now: datetime | None = None,
    moving: Booking | None = None,
) -> list[datetime]:
    """The starts (UTC, sorted) on the dates `first` to `last` in `time_zone`, for a meeting of `duration` minutes.

    `moving` is a booking that would leave its own time.
    """
    window = clocks.days(first, last, time_zone)
    return _starts(scheduler, duration, window, now or timezone.now(), moving)


def within(
    scheduler: Scheduler, *, duration: int, start: datetime, end: datetime, now: datetime | None = None
) -> list[datetime]:
    """The starts in [start, end), both aware."""
    return _starts(scheduler, duration, _window(start, end), now or timezone.now(), None)


def minutes_by_day(
    scheduler: Scheduler, *, duration: int, first: date, last: date, time_zone: str, moving: Booking | None = None
) -> dict[date, list[int]]:
    """The same in minutes since the epoch, by their dates; only dates that have any."""
    window = clocks.days(first, last, time_zone)
    return clocks.by_date(_minutes(scheduler, duration, window, timezone.now(), moving), time_zone)


def by_day(
    scheduler: Scheduler,
    *,
    duration: int,
    first: date,
    last: date,
    time_zone: str,
    now: datetime | None = None,
    moving: Booking | None = None,
) -> dict[date, list[datetime]]:
    """The same, as datetimes in `time_zone`."""
    zone = ZoneInfo(time_zone)
    days: dict[date, list[datetime]] = {}
    for start in free(
        scheduler, duration=duration, first=first, last=last, time_zone=time_zone, now=now, moving=moving
    ):
        local = start.astimezone(zone)
        days.setdefault(local.date(), []).append(local)
    return days


def next_free(scheduler: Scheduler) -> datetime | None:
    """The first start offered for the shortest duration."""
    return next_free_of([scheduler])[scheduler.pk]


def next_free_of(schedulers: Sequence[Scheduler]) -> dict[int, datetime | None]:
    """next_free by scheduler id, in six queries however many schedulers."""
    moment = timezone.now()
    prefetch_related_objects(schedulers, "schedule")
    hours = offers.hours_of([scheduler.schedule for scheduler in schedulers])
    today = intervals.minute(moment)
    busy = offers.busy({scheduler.host_id for scheduler in schedulers}, (today - DAY, today + A_YEAR + DAY))
    return {
        scheduler.pk: _next_free(scheduler, hours[scheduler.schedule_id], busy.get(scheduler.host_id, []), moment)
        for scheduler in schedulers
    }


def nearest(
    scheduler: Scheduler, start: datetime, duration: int, moving: Booking | None = None, count: int = 6
) -> list[datetime]:
    """Up to `count` starts that are offered near `start`, sorted; farther away if nothing is near."""
    moment = timezone.now()
    around = max(start, moment)
    window = (intervals.minute(around - NEARBY), intervals.minute(around + NEARBY))
    found = _starts(scheduler, duration, window, moment, moving)
    if not found:
        found = _starts(scheduler, duration, (window[0], window[0] + A_YEAR), moment, moving)
    return sorted(sorted(found, key=lambda offered: abs(offered - start))[:count])


def why_not(
    scheduler: Scheduler,
    start: datetime,
    duration: int,
    *,
    now: datetime | None = None,
    moving: Booking | None = None,
    region: str = "",
) -> list[Reason]:
    """Every rule against `start` (aware), in words for a reader of that region. Empty: it is offered."""
    general = reasons.against(scheduler, duration, moving)
    if any(reason.rule == reasons.DURATION for reason in general):
        return general
    moment = now or timezone.now()
    minute = intervals.minute(start)
    offer = offers.of(scheduler, duration=duration, window=(minute, minute + 1), now=moment, moving=moving)
    objections = limits.why(offer.hours, offer.terms, offer.booked, minute, moment)
    if start != intervals.instant(minute):
        objections.append(limits.Objection(limits.Rule.OFF_GRID))
    found = reasons.of(objections, scheduler, minute, region=region)
    return general + found + calendar_reasons.of(offer, [minute], scheduler, region=region)


def why_not_day(
    scheduler: Scheduler, day: date, duration: int, *, now: datetime | None = None, region: str = ""
) -> list[Reason]:
    """Every rule against the starts of a date in the zone of the hours. Empty: some start is offered."""
    general = reasons.against(scheduler, duration, None)
    if any(reason.rule == reasons.DURATION for reason in general):
        return general
    moment = now or timezone.now()
    window = clocks.days(day, day, scheduler.schedule.time_zone)
    offer = offers.of(scheduler, duration=duration, window=window, now=moment)
    if availability.starts(offer.hours, offer.terms, offer.busy, window):
        return general
    objections = limits.why_none(offer.hours, offer.terms, offer.booked, window, moment)
    found = reasons.of(objections, scheduler, window[0], region=region)
    starts = availability.grid(offer.hours, offer.terms.increment, window)
    return general + found + calendar_reasons.of(offer, starts, scheduler, region=region)


def why_none(
    scheduler: Scheduler, duration: int, *, start: datetime, end: datetime, now: datetime | None = None
) -> list[Reason]:
    """Of [start, end), where nothing is offered: each rule that stands against some of it, once."""
    general = reasons.against(scheduler, duration, None)
    if general:
        return general
    moment, window = now or timezone.now(), _window(start, end)
    offer = offers.of(scheduler, duration=duration, window=window, now=moment)
    against = limits.why_none(offer.hours, offer.terms, offer.booked, window, moment)
    found = reasons.of({objection.rule: objection for objection in against}.values(), scheduler, window[0])
    return found + calendar_reasons.of(offer, availability.grid(offer.hours, offer.terms.increment, window), scheduler)


def _window(start: datetime, end: datetime) -> Span:
    return intervals.next_minute(start), intervals.next_minute(end)


def _starts(scheduler: Scheduler, duration: int, window: Span, now: datetime, moving: Booking | None) -> list[datetime]:
    return [intervals.instant(minute) for minute in _minutes(scheduler, duration, window, now, moving)]


def _minutes(scheduler: Scheduler, duration: int, window: Span, now: datetime, moving: Booking | None) -> list[int]:
    offer = offers.of(scheduler, duration=duration, window=window, now=now, moving=moving)
    return availability.starts(offer.hours, offer.terms, offer.busy, window)


def _next_free(scheduler: Scheduler, hours: Hours, busy: list[Span], now: datetime) -> datetime | None:
    terms = offers.terms(scheduler, min(scheduler.durations), now)
    window = (terms.earliest, min(terms.latest, terms.earliest + A_YEAR))
    starts = availability.starts(hours, terms, busy, window)
    return intervals.instant(starts[0]) if starts else None

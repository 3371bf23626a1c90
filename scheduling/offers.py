"""What a scheduler offers, read from the database for the pure engine: hours, terms, busy times."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from scheduling import intervals, limits
from scheduling.availability import Hours, Terms
from scheduling.intervals import Span
from scheduling.minutes import Minute
from scheduling.models import Booking, BookingStatus, Schedule, Scheduler


@dataclass(frozen=True)
class Offer:
    hours: Hours
    terms: Terms
    busy: list[Span]


def of(scheduler: Scheduler, *, duration: int, window: Span, now: datetime, moving: Booking | None = None) -> Offer:
    """`busy` reaches as far as a start within `window` can; the time of the booking `moving` counts as free."""
    wanted = terms(scheduler, duration, now)
    reach = (window[0] - wanted.buffer_before, window[1] + duration + wanted.buffer_after)
    taken = busy([scheduler.host_id], reach, moving=moving)
    return Offer(hours(scheduler.schedule), wanted, taken.get(scheduler.host_id, []))


def hours(schedule: Schedule) -> Hours:
    weekly = tuple((row.weekday, row.start_minute, row.end_minute) for row in schedule.weekly_hours.all())
    dates: dict[date, list[Span]] = defaultdict(list)
    for row in schedule.overrides.all():
        blocks = dates[row.date]
        if row.start_minute is not None and row.end_minute is not None:
            blocks.append((row.start_minute, row.end_minute))
    return Hours(schedule.time_zone, weekly, {day: tuple(blocks) for day, blocks in dates.items()})


def terms(scheduler: Scheduler, duration: int, now: datetime) -> Terms:
    earliest, latest = limits.permitted(now, notice=scheduler.minimum_notice, window=_window(scheduler, now))
    return Terms(
        duration=duration,
        increment=scheduler.increment,
        earliest=earliest,
        latest=latest,
        buffer_before=scheduler.buffer_before,
        buffer_after=scheduler.buffer_after,
    )


def busy(hosts: Iterable[int], span: Span, *, moving: Booking | None = None) -> dict[int, list[Span]]:
    """By id of the host, what is busy around `span`, in all organizations: a person has one body."""
    low, high = intervals.instant(span[0]), intervals.instant(span[1])
    rows = Booking.objects.filter(host__in=hosts, status=BookingStatus.CONFIRMED, busy_start__lt=high, busy_end__gt=low)
    if moving is not None:
        rows = rows.exclude(pk=moving.pk)
    found: dict[int, list[Span]] = defaultdict(list)
    for host, start, end in rows.order_by("busy_start").values_list("host", Minute("busy_start"), Minute("busy_end")):
        found[host].append((start, end))
    return found


def _window(scheduler: Scheduler, now: datetime) -> Span:
    """Dates count in the time zone of the hours."""
    time_zone = scheduler.schedule.time_zone
    if scheduler.window_days is not None:
        return limits.rolling(now, scheduler.window_days, time_zone)
    if scheduler.window_first is not None and scheduler.window_last is not None:
        return limits.between(scheduler.window_first, scheduler.window_last, time_zone)
    return limits.ANY_TIME

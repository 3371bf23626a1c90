"""What a scheduler offers, read from the database for the pure engine: hours, terms, busy times."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from integrations import busy as calendars
from integrations.busy import Busy
from scheduling import intervals, limits
from scheduling.availability import Hours, Terms
from scheduling.intervals import Span
from scheduling.minutes import Minute
from scheduling.models import (
    CLOSES,
    ApplicationEvent,
    Booking,
    BookingStatus,
    DateOverride,
    EventStatus,
    OutsideMeeting,
    Schedule,
    Scheduler,
    Transparency,
    WeeklyHours,
)

# Put together once, because that takes as long as the asking; only ever filtered.
WEEKLY = WeeklyHours.objects.values_list("schedule", "weekday", "start_minute", "end_minute")
DATED = DateOverride.objects.values_list("schedule", "date", "start_minute", "end_minute")
CONFIRMED = Booking.objects.filter(status=BookingStatus.CONFIRMED).order_by("busy_start")
BUSY = CONFIRMED.order_by().values_list("host", Minute("busy_start"), Minute("busy_end"))
EVENTS = ApplicationEvent.objects.filter(status=EventStatus.CONFIRMED, transparency=Transparency.OPAQUE)
MADE = EVENTS.order_by().values_list("host", Minute("busy_start"), Minute("busy_end"))
HELD = OutsideMeeting.objects.filter(CLOSES).order_by().values_list("host", Minute("start"), Minute("end"))


NOTHING = Busy()


@dataclass(frozen=True)
class Offer:
    """booked: by bookings, applications, webinars and the like.  calendars: by what stands in the host's calendars."""

    hours: Hours
    terms: Terms
    booked: list[Span]
    calendars: Busy = field(default_factory=Busy)

    @property
    def busy(self) -> list[Span]:
        return _together(self.booked, self.calendars)


def of(scheduler: Scheduler, *, duration: int, window: Span, now: datetime, moving: Booking | None = None) -> Offer:
    """`busy` reaches as far as a start within `window` can; the time of the booking `moving` counts as free."""
    wanted = terms(scheduler, duration, now)
    reach = (window[0] - wanted.buffer_before, window[1] + duration + wanted.buffer_after)
    host = scheduler.host_id
    taken = booked([host], reach, moving=moving).get(host, [])
    return Offer(hours(scheduler.schedule), wanted, taken, in_calendars([host], reach).get(host, NOTHING))


def hours(schedule: Schedule) -> Hours:
    return hours_of([schedule])[schedule.pk]


def hours_of(schedules: Collection[Schedule]) -> dict[int, Hours]:
    """By id of the schedule, in two queries however many."""
    weekly, dated = _weekly(schedules), _dated(schedules)
    return {
        schedule.pk: Hours(schedule.time_zone, tuple(weekly[schedule.pk]), dated[schedule.pk]) for schedule in schedules
    }


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


def busy(hosts: Collection[int], span: Span) -> dict[int, list[Span]]:
    """By id of the host, what is busy around `span`, in all organizations: a person has one body."""
    bookings, calendars = booked(hosts, span), in_calendars(hosts, span)
    return {host: _together(bookings.get(host, []), calendars.get(host, NOTHING)) for host in hosts}


def booked(hosts: Iterable[int], span: Span, *, moving: Booking | None = None) -> dict[int, list[Span]]:
    """The same by bookings, by events of applications, and by what he holds beside both with a connected account."""
    low, high = intervals.instant(span[0]), intervals.instant(span[1])
    rows = BUSY.filter(host__in=hosts, busy_start__lt=high, busy_end__gt=low)
    if moving is not None:
        rows = rows.exclude(pk=moving.pk)
    found: dict[int, list[Span]] = defaultdict(list)
    made = MADE.filter(host__in=hosts, busy_start__lt=high, busy_end__gt=low)
    held = HELD.filter(host__in=hosts, start__lt=high, end__gt=low)
    for host, start, end in sorted(rows.union(made, held, all=True)):
        found[host].append((start, end))
    return found


def in_calendars(hosts: Collection[int], span: Span) -> dict[int, Busy]:
    """The same by their calendars; who has none is missing."""
    return calendars.busy(hosts, intervals.instant(span[0]), intervals.instant(span[1]))


def _together(booked: list[Span], calendars: Busy) -> list[Span]:
    return intervals.merge([*booked, *calendars.spans]) if calendars.standing or calendars.closed else booked


def _window(scheduler: Scheduler, now: datetime) -> Span:
    """Dates count in the time zone of the hours."""
    time_zone = scheduler.schedule.time_zone
    if scheduler.window_days is not None:
        return limits.rolling(now, scheduler.window_days, time_zone)
    if scheduler.window_first is not None and scheduler.window_last is not None:
        return limits.between(scheduler.window_first, scheduler.window_last, time_zone)
    return limits.ANY_TIME


def _weekly(schedules: Collection[Schedule]) -> dict[int, list[tuple[int, int, int]]]:
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for schedule, weekday, start, end in WEEKLY.filter(schedule__in=schedules):
        found[schedule].append((weekday, start, end))
    return found


def _dated(schedules: Collection[Schedule]) -> dict[int, dict[date, tuple[Span, ...]]]:
    """Without minutes a day is closed."""
    found: dict[int, dict[date, tuple[Span, ...]]] = defaultdict(dict)
    for schedule, day, start, end in DATED.filter(schedule__in=schedules):
        blocks = () if start is None or end is None else ((start, end),)
        found[schedule][day] = found[schedule].get(day, ()) + blocks
    return found

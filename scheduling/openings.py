"""The free times of one month, as an invitee turns its pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling import calendar_page, offers, selection, slots
from scheduling.intervals import instant, minute
from scheduling.models import Booking, Scheduler
from scheduling.selection import Selection


@dataclass(frozen=True)
class Openings:
    """`free` has the starts of the month's dates, in minutes since the epoch; `day` is open.

    `first` and `last` are the months to turn to.
    """

    month: date
    free: Mapping[date, list[int]]
    day: date | None
    today: date
    first: date
    last: date
    next_free: datetime | None = None
    corrections: tuple[str, ...] = ()

    @property
    def previous_month(self) -> date | None:
        return calendar_page.previous_month(self.month) if self.month > self.first else None

    @property
    def next_month(self) -> date | None:
        return calendar_page.next_month(self.month) if self.month < self.last else None

    @property
    def starts(self) -> list[datetime]:
        return [instant(start) for start in self.free.get(self.day, [])] if self.day else []


def of(scheduler: Scheduler, chosen: Selection, *, moving: Booking | None = None) -> Openings:
    """The month that was chosen, else the first with a free time."""
    bare = _bare(scheduler, chosen)
    month = chosen.month or _month_of(chosen)
    found = _open(bare, scheduler, chosen, _within(month, bare), moving) if month else None
    return _told(found or _first_free(bare, scheduler, chosen, moving), chosen)


def nearest(scheduler: Scheduler, start: datetime, duration: int, *, moving: Booking | None = None) -> list[datetime]:
    """Free times to offer instead of `start`, wherever that lies."""
    now = timezone.now()
    latest = instant(offers.terms(scheduler, duration, now).latest)
    near = slots.nearest(scheduler, min(start, latest), duration, moving=moving)
    return near or slots.nearest(scheduler, now, duration, moving=moving)


def _bare(scheduler: Scheduler, chosen: Selection) -> Openings:
    """Nothing looked up yet: only from when to when there are pages."""
    now, zone = timezone.now(), ZoneInfo(chosen.zone)
    latest = instant(offers.terms(scheduler, chosen.duration, now).latest - 1)
    today = now.astimezone(zone).date()
    last = max(
        min(latest.astimezone(zone).date() if latest.year < selection.LAST.year else selection.LAST, selection.LAST),
        today,
    )
    first_page = calendar_page.first_of(today)
    return Openings(first_page, {}, None, today, first_page, calendar_page.first_of(last))


def _month_of(chosen: Selection) -> date | None:
    day = chosen.day or chosen.start_day
    return calendar_page.first_of(day) if day else None


def _within(month: date, bare: Openings) -> date:
    return max(bare.first, min(month, bare.last))


def _first_free(bare: Openings, scheduler: Scheduler, chosen: Selection, moving: Booking | None) -> Openings:
    """This month or the next, if they have a free time; else the month of the next free one."""
    soon = calendar_page.last_of(calendar_page.next_month(bare.today))
    free = _free(scheduler, chosen, bare.today, soon, moving)
    if free:
        month = calendar_page.first_of(min(free))
        return _opened(
            replace(bare, month=month, free={day: free[day] for day in free if day.month == month.month}), chosen
        )
    upcoming = slots.next_free(scheduler)
    if upcoming is None:
        return bare
    day = upcoming.astimezone(ZoneInfo(chosen.zone)).date()
    return _open(bare, scheduler, chosen, _within(calendar_page.first_of(day), bare), moving)


def _open(bare: Openings, scheduler: Scheduler, chosen: Selection, month: date, moving: Booking | None) -> Openings:
    free = _free(scheduler, chosen, month, calendar_page.last_of(month), moving)
    upcoming = None if free else slots.next_free(scheduler)
    return _opened(replace(bare, month=month, free=free, next_free=upcoming), chosen)


def _free(
    scheduler: Scheduler, chosen: Selection, first: date, last: date, moving: Booking | None
) -> dict[date, list[int]]:
    found = slots.minutes_by_day(
        scheduler, duration=chosen.duration, first=first, last=last, time_zone=chosen.zone, moving=moving
    )
    own = moving and minute(moving.start)
    others = {day: [start for start in starts if start != own] for day, starts in found.items()}
    return {day: starts for day, starts in others.items() if starts}


def _opened(openings: Openings, chosen: Selection) -> Openings:
    wanted = chosen.day or chosen.start_day
    day = wanted if wanted in openings.free else min(openings.free, default=None)
    return replace(openings, day=day)


def _told(openings: Openings, chosen: Selection) -> Openings:
    sentence = ""
    if chosen.day and chosen.day != openings.day:
        sentence = _("Nothing is free on the day you came for. Please choose another.")
    elif chosen.month and chosen.month != openings.month:
        sentence = _("That month cannot be booked here, so the nearest one is shown.")
    return replace(openings, corrections=(sentence,) if sentence else ())

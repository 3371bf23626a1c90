"""Why a time is not offered, as sentences for the host, each with the page where he changes the rule."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from scheduling import durations, intervals, planner, private_events, queries
from scheduling.intervals import Span
from scheduling.limits import Objection, Rule
from scheduling.models import ApplicationEvent, Booking, BookingStatus, Scheduler, Transparency
from scheduling.reader import Reader
from scheduling.types import Reason

OFF = "off"
DURATION = "duration"
CALENDAR, UNREAD = "calendar", "unread"
TAKEN = frozenset({Rule.BUSY.value, Rule.BUFFER.value, CALENDAR})
"""The rules that only say that the host has something else then."""


def against(scheduler: Scheduler, duration: int, moving: Booking | None) -> list[Reason]:
    """What speaks against any time at all. A booking that exists may be moved as long as it is, also when it is off."""
    if moving is not None and duration == moving.duration // timedelta(minutes=1):
        return []
    found = []
    if not scheduler.is_on:
        found.append(Reason(OFF, _("This scheduler is switched off."), _scheduler_url(scheduler)))
    if duration not in scheduler.durations:
        sentence = _("This length is not offered.")
        found.append(Reason(DURATION, sentence, _scheduler_url(scheduler)))
    return found


def of(objections: Iterable[Objection], scheduler: Scheduler, start: int, *, region: str = "") -> list[Reason]:
    """One reason for each, for a reader of that region; `start` is the minute that was asked about."""
    reader = Reader(scheduler.schedule.time_zone, region)
    return [_reason(objection, scheduler, start, reader) for objection in objections]


def _reason(objection: Objection, scheduler: Scheduler, start: int, reader: Reader) -> Reason:
    if objection.span is not None:
        return _in_the_way(objection.rule, objection.span, scheduler, reader)
    sentence = _sentence(objection.rule, scheduler, start, reader)
    return Reason(objection.rule.value, sentence, _url(objection.rule, scheduler))


def _sentence(rule: Rule, scheduler: Scheduler, start: int, reader: Reader) -> str:
    day = reader.local(intervals.instant(start)).date()
    values = {
        "notice": durations.in_words(scheduler.minimum_notice),
        "increment": durations.in_words(scheduler.increment),
        "schedule": scheduler.schedule.name,
        "date": reader.day(day),
    }
    match rule:
        case Rule.SKIPPED:
            text = _("The clocks jump over this time on %(date)s.")
        case Rule.PAST:
            text = _("This time has passed.")
        case Rule.TOO_SOON:
            return _too_soon(scheduler, day, values, reader)
        case Rule.TOO_LATE:
            return _too_late(scheduler, reader)
        case Rule.CLOSED:
            text = _("%(date)s is closed in “%(schedule)s”.")
        case Rule.OUTSIDE:
            text = _("This time is outside the hours of “%(schedule)s”.")
        case Rule.OVERRUNS:
            text = _("The meeting would run beyond the hours of “%(schedule)s”.")
        case _:
            text = _("Start times are offered every %(increment)s.")
    return text % values


def _too_soon(scheduler: Scheduler, day: date, values: dict[str, str], reader: Reader) -> str:
    opens = scheduler.window_first
    if opens is not None and day < opens:
        return _("Bookings open on %(date)s.") % {"date": reader.day(opens)}
    return _("This is less than %(notice)s ahead, the minimum notice.") % values


def _too_late(scheduler: Scheduler, reader: Reader) -> str:
    if scheduler.window_last is not None:
        return _("Bookings are taken up to %(date)s.") % {"date": reader.day(scheduler.window_last)}
    ahead = durations.in_words((scheduler.window_days or 0) * intervals.DAY)
    return _("Bookings are taken up to %(ahead)s ahead.") % {"ahead": ahead}


def _in_the_way(rule: Rule, span: Span, scheduler: Scheduler, reader: Reader) -> Reason:
    start, end = (reader.clock(intervals.instant(minute)) for minute in span)
    times = {"start": start, "end": end, "host": scheduler.host}
    if event := _event(span, scheduler):
        sentence = _("An event that %(maker)s made for %(host)s takes %(start)s to %(end)s.")
        return Reason(rule.value, sentence % {**times, "maker": private_events.maker(event)}, planner.url(event))
    if rule == Rule.BUSY:
        sentence = _("%(host)s is booked from %(start)s to %(end)s, buffers included.") % times
    else:
        sentence = _("A buffer would meet the booking from %(start)s to %(end)s.") % times
    return Reason(rule.value, sentence, _booking_url(span, scheduler))


def _event(span: Span, scheduler: Scheduler) -> ApplicationEvent | None:
    """Of an application, in this organization."""
    here = Membership(organization=scheduler.organization, user=scheduler.host)
    start, end = intervals.instant(span[0]), intervals.instant(span[1])
    found = queries.application_events(here).filter(busy_start=start, busy_end=end)
    return found.filter(transparency=Transparency.OPAQUE).first()


def _url(rule: Rule, scheduler: Scheduler) -> str:
    if rule in (Rule.PAST, Rule.SKIPPED):
        return ""
    if rule in (Rule.CLOSED, Rule.OUTSIDE, Rule.OVERRUNS):
        return reverse("schedule_edit", args=[scheduler.organization.slug, scheduler.schedule.uid])
    return _scheduler_url(scheduler)


def _scheduler_url(scheduler: Scheduler) -> str:
    return reverse("scheduler_edit", args=[scheduler.organization.slug, scheduler.slug])


def _booking_url(span: Span, scheduler: Scheduler) -> str:
    """The booking's page, unless it belongs to another organization: of that we show the time only."""
    start, end = intervals.instant(span[0]), intervals.instant(span[1])
    booking = Booking.objects.filter(
        host=scheduler.host_id,
        organization=scheduler.organization_id,
        status=BookingStatus.CONFIRMED,
        busy_start=start,
        busy_end=end,
    ).first()
    return reverse("booking", args=[scheduler.organization.slug, booking.uid]) if booking else ""

"""The last look into the host's calendars before a booking is confirmed or moved: nothing is promised that is gone."""

from datetime import datetime, timedelta

from integrations import live_looks
from integrations.calendars import settings_of
from integrations.models import Calendar, LastLook
from scheduling import slots
from scheduling.exceptions import CalendarSilent, SlotTaken
from scheduling.models import Booking, Scheduler


def look(scheduler: Scheduler, start: datetime, duration: int, *, moving: Booking | None = None) -> None:
    """Before anything is locked; a few seconds at most. A time that is not offered anyway is looked at by nobody.

    Raises SlotTaken, or CalendarSilent where no answer came and the host takes no booking without one. One that does is
    booked by what is known, if that is fresh enough to be offered at all.
    """
    calendars = list(live_looks.counted([scheduler.host_id]))
    if not calendars or slots.why_not(scheduler, start, duration, moving=moving):
        return
    before, after = timedelta(minutes=scheduler.buffer_before), timedelta(minutes=scheduler.buffer_after)
    found = live_looks.look(calendars, start - before, start + timedelta(minutes=duration) + after)
    if found.taken:
        raise SlotTaken
    if any(_decides(calendar) == LastLook.REFUSE for calendar in found.silent):
        raise CalendarSilent


def before_moving(booking: Booking, start: datetime) -> None:
    """The same for one that leaves its time."""
    if not booking.is_cancelled and start != booking.start:
        look(booking.scheduler, start, booking.duration // timedelta(minutes=1), moving=booking)


def _decides(calendar: Calendar) -> LastLook:
    return LastLook(settings_of(calendar.membership).last_look)

"""The calendar that a time is chosen from: on the booking page, and to reschedule."""

from urllib.parse import unquote

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling import calendar_page, openings, reader, selection, slots, time_zones
from scheduling.models import Booking, Scheduler
from scheduling.reader import Reader
from scheduling.selection import Selection


def chosen_by(request: HttpRequest, durations: list[int], *, zone: str) -> Selection:
    """What the address says; a form that was sent says start, duration and zone itself. `zone`: where none is told."""
    sent = {name: request.POST[name] for name in ("start", "duration", "zone") if name in request.POST}
    return selection.read(request.GET.dict() | sent, durations=durations, zone=zone)


def zone_of(request: HttpRequest) -> str:
    """What time_zone.js told about the visitor's device; empty if it told nothing."""
    return time_zones.find(_device_zone(request)) or ""


def reader_of(request: HttpRequest, time_zone: str) -> Reader:
    return Reader(time_zone, reader.region(request.headers))


def is_free(scheduler: Scheduler, chosen: Selection, *, moving: Booking | None = None) -> bool:
    """Whether a start is chosen, and offered."""
    day = chosen.start_day
    if day is None:
        return False
    free = slots.free(scheduler, duration=chosen.duration, first=day, last=day, time_zone=chosen.zone, moving=moving)
    return chosen.start in free and not (moving and moving.start == chosen.start)


def of(
    request: HttpRequest, scheduler: Scheduler, chosen: Selection, *, moving: Booking | None = None
) -> dict[str, object]:
    """What the template "scheduling/public/_calendar.html" shows."""
    page = openings.of(scheduler, chosen, moving=moving)
    who = reader_of(request, chosen.zone)
    return {
        "chosen": chosen,
        "reader": who,
        "now": timezone.now(),
        "openings": page,
        "weekdays": [who.weekday(day) for day in calendar_page.weekdays(who)],
        "weeks": calendar_page.weeks(page.month, page.free, chosen=page.day, today=page.today, reader=who),
        "times": calendar_page.times(page.starts, who),
        "zone_guess": _device_zone(request) if zone_of(request) == chosen.zone else chosen.zone,
        "found_zones": time_zones.search(chosen.zone_search),
        "corrections": chosen.corrections + page.corrections,
        "gone": _gone(scheduler, chosen, moving),
    }


def _device_zone(request: HttpRequest) -> str:
    """As the browser calls it, perhaps by an old name."""
    return unquote(request.COOKIES.get("time_zone", ""))[:64]


def _gone(scheduler: Scheduler, chosen: Selection, moving: Booking | None) -> dict[str, object] | None:
    """The start that was asked for and is not offered, with those that are, near it."""
    if chosen.start is None:
        return None
    passed = chosen.start < timezone.now()
    sentence = _("This time has passed.") if passed else _("This time is not free any more.")
    nearest = openings.nearest(scheduler, chosen.start, chosen.duration, moving=moving)
    return {"sentence": sentence, "nearest": nearest}

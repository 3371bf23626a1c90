"""What becomes of a no from below: the problem, its sentences, and other times to offer."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from scheduling import openings, reasons
from scheduling.api.problems import Problem
from scheduling.exceptions import CalendarSilent, NotChangeable, NotOffered, SlotTaken
from scheduling.models import Booking, Scheduler
from scheduling.types import Reason


@contextmanager
def told(scheduler: Scheduler, start: datetime, duration: int, *, moving: Booking | None = None) -> Iterator[None]:
    try:
        yield
    except CalendarSilent:
        raise Problem("calendar_silent") from None
    except SlotTaken:
        raise Problem("time_taken", offers=_nearest(scheduler, start, duration, moving)) from None
    except NotOffered as refused:
        nearest = _nearest(scheduler, start, duration, moving)
        raise Problem("not_offered", " ".join(sentences(refused.reasons)), offers=nearest) from None
    except NotChangeable as refused:
        raise Problem("conflict", refused.sentence) from None


def sentences(found: Iterable[Reason]) -> list[str]:
    """Each once. What stands in the way is not told, nor which calendar it stands in: its name may be an address."""
    return list(dict.fromkeys(_sentence(reason) for reason in found))


def _sentence(reason: Reason) -> str:
    if reason.rule in reasons.TAKEN:
        return _("The times are taken.")
    if reason.rule == reasons.UNREAD:
        return _("A calendar cannot be read that far, or not at the moment, so its times are closed.")
    return reason.sentence


def _nearest(scheduler: Scheduler, start: datetime, duration: int, moving: Booking | None) -> list[datetime]:
    if reasons.against(scheduler, duration, moving):
        return []
    return openings.nearest(scheduler, start, duration, moving=moving)

"""Why a time is not offered, where the host's calendars are the cause. What stands in them is not told, only where."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.busy import Closed, Source
from scheduling import intervals, limits
from scheduling.intervals import Span
from scheduling.models import Scheduler
from scheduling.offers import Offer
from scheduling.reader import Reader
from scheduling.reasons import CALENDAR, UNREAD
from scheduling.types import Reason


def of(offer: Offer, starts: Sequence[int], scheduler: Scheduler, *, region: str = "") -> list[Reason]:
    """One for each calendar that stands against any of `starts`, for a reader of that region."""
    reader = Reader(scheduler.schedule.time_zone, region)
    standing = [_standing(source) for source, spans in offer.calendars.standing if _meets(offer, spans, starts)]
    closed = [found for found in offer.calendars.closed if _meets(offer, [found.span], starts)]
    return standing + [Reason(UNREAD, _unread(found, reader), _url(found.source)) for found in closed]


def _meets(offer: Offer, spans: list[Span], starts: Sequence[int]) -> bool:
    return any(limits.meets(offer.terms, spans, start) for start in starts)


def _standing(source: Source) -> Reason:
    text = _("Something stands in your calendar “%(calendar)s”.") % {"calendar": source.name}
    return Reason(CALENDAR, text, reverse("calendars"))


def _unread(closed: Closed, reader: Reader) -> str:
    values = {"calendar": closed.source.name}
    if closed.ahead:
        day = reader.day(reader.local(intervals.instant(closed.span[0])).date())
        return _("Your calendar “%(calendar)s” is read up to %(date)s; later times are closed.") % {
            "date": day,
            **values,
        }
    if closed.since is None:
        return _("Your calendar “%(calendar)s” has not been read yet, so its times are closed.") % values
    since = reader.moment(closed.since)
    return _("Your calendar “%(calendar)s” cannot be read since %(since)s, so its times are closed.") % {
        "since": since,
        **values,
    }


def _url(source: Source) -> str:
    """The page of the account; one that the organization opens is nobody's own."""
    own = source.account
    return reverse("connection", args=[source.organization, own]) if own else reverse("calendars")

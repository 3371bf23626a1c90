"""Which events close times: one table, and the first rule that fits an event decides. Pure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.types import Event, EventKind, Response, ShowsAs


@dataclass(frozen=True)
class Seen:
    """An event as the rules look at it.

    is_booking: it stands for a booking that its owner hosts, under our reference.  is_copy: it is what a mail put
    there of such a booking.  lasts: it ends after it starts.  is_all_day: it has dates, no times.
    """

    event: Event
    is_booking: bool = False
    is_copy: bool = False
    lasts: bool = True
    is_all_day: bool = False


@dataclass(frozen=True)
class Rule:
    """`what` kind of event, whether it closes times, and `why`, a sentence. `fits`: an event is of that kind."""

    key: str
    what: str | Promise
    closes: bool
    why: str | Promise
    fits: Callable[[Seen], bool]


def _shows(how: ShowsAs) -> Callable[[Seen], bool]:
    return lambda seen: seen.event.shows_as == how


def _is(kind: EventKind) -> Callable[[Seen], bool]:
    return lambda seen: seen.event.kind == kind


def _answered(response: Response) -> Callable[[Seen], bool]:
    return lambda seen: seen.event.response == response


def _away(seen: Seen) -> bool:
    return seen.event.kind == EventKind.OUT_OF_OFFICE or seen.event.shows_as == ShowsAs.OUT_OF_OFFICE


def _tentative(seen: Seen) -> bool:
    event = seen.event
    return event.is_tentative or event.shows_as == ShowsAs.TENTATIVE or event.response == Response.TENTATIVE


TABLE = (
    Rule("cancelled", _("Cancelled"), False, _("It does not take place."), lambda seen: seen.event.is_cancelled),
    Rule(
        "booking",
        _("A booking made in Bridge"),
        False,
        _("The booking itself closes its time, so the event does not count a second time."),
        lambda seen: seen.is_booking,
    ),
    Rule(
        "copy",
        _("A copy of a booking, added from a mail"),
        False,
        _("The booking itself closes its time, wherever its copy stands."),
        lambda seen: seen.is_copy,
    ),
    Rule("no_length", _("Without a length"), False, _("It takes no time."), lambda seen: not seen.lasts),
    Rule("declined", _("You declined"), False, _("You will not be there."), _answered(Response.DECLINED)),
    Rule("birthday", _("Birthday"), False, _("It reminds you; it takes no time."), _is(EventKind.BIRTHDAY)),
    Rule(
        "working_location",
        _("Working location"),
        False,
        _("It says where you work, not that you are busy."),
        _is(EventKind.WORKING_LOCATION),
    ),
    Rule("free", _("Shown as free"), False, _("You chose that others see you as free."), _shows(ShowsAs.FREE)),
    Rule("out_of_office", _("Out of office"), True, _("You are away."), _away),
    Rule(
        "elsewhere",
        _("Working elsewhere"),
        False,
        _("You work, only in another place, and can be met."),
        _shows(ShowsAs.ELSEWHERE),
    ),
    Rule("focus_time", _("Focus time"), True, _("You keep this time for yourself."), _is(EventKind.FOCUS_TIME)),
    Rule(
        "unanswered",
        _("Invited, not answered yet"),
        True,
        _("You may still say yes."),
        _answered(Response.NEEDS_ACTION),
    ),
    Rule("tentative", _("Tentative"), True, _("It may still take place."), _tentative),
    Rule(
        "all_day",
        _("All day, shown as busy"),
        True,
        _("It closes its days, from midnight to midnight in the time zone of the calendar."),
        lambda seen: seen.is_all_day,
    ),
    Rule(
        "private",
        _("Private"),
        True,
        _("It closes its time like any other; only you see what it is."),
        lambda seen: seen.event.is_private,
    ),
    Rule("busy", _("Anything else"), True, _("You are busy."), lambda seen: True),
)


def of(seen: Seen) -> Rule:
    """The one that decides."""
    return next(rule for rule in TABLE if rule.fits(seen))


def seen(event: Event, *, lasts: bool, is_all_day: bool, own: Collection[str]) -> Seen:
    """own: the references and UIDs of bookings that the owner of the calendar hosts."""
    is_booking = bool(event.reference) and event.reference in own
    is_copy = bool(event.uid) and event.uid in own
    return Seen(event, is_booking, is_copy, lasts, is_all_day)

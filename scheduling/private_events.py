"""What somebody sees of what another has marked private: its time, and nothing else. The one place that decides.

Pages, exports and search get bookings and events only as they come from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat, Replace, Substr, Upper
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.delegations import Desk
from integrations import conferencing
from integrations.models import CalendarEvent
from scheduling import places
from scheduling.models import (
    ApplicationEvent,
    Booking,
    ConferencingState,
    Meeting,
    MeetingState,
    OutsideMeeting,
    Scheduler,
    Transparency,
)

_HEX = Replace(Cast("uid", CharField()), Value("-"), Value(""))
MARKER = Concat(Value("Booking BR-"), Upper(Substr(_HEX, 1, 12)))
"""Booking.marker, for the database."""
_PRIVATE = Exists(
    CalendarEvent.objects.filter(
        calendar__membership__user=OuterRef("host"), reference=OuterRef("mark"), is_private=True
    )
)
"""A booking is private if its host has marked its event so."""


@dataclass(frozen=True)
class Sight:
    """An event of a calendar as somebody may see it; of a hidden one only the time is there."""

    uid: str
    start: datetime
    end: datetime
    first_day: date | None
    last_day: date | None
    title: str
    is_hidden: bool
    blocks: bool
    calendar: str = ""
    location: str = ""
    description: str = ""
    join_url: str = ""
    web_url: str = ""
    organizer: str = ""
    attendees: tuple[str, ...] = ()
    is_private: bool = False
    can_write: bool = False
    response: str = ""
    shows_as: str = ""
    reference: str = ""


def title() -> str:
    return _("Private Meeting")


def readable(bookings: QuerySet[Booking], desk: Desk) -> QuerySet[Booking]:
    """Those that may be opened, changed and searched."""
    return bookings if desk.sees_private else bookings.annotate(mark=MARKER).exclude(_PRIVATE)


def judged(bookings: QuerySet[Booking], desk: Desk) -> QuerySet[Booking]:
    """All of them, each knowing whether it is hidden; to be shown through `shown`."""
    return bookings if desk.sees_private else _judged(bookings)


def shown(bookings: Iterable[Booking]) -> list[Booking]:
    """As they may be shown: hidden ones are stand-ins that know nothing but their time."""
    return [_stand_in(booking) if getattr(booking, "private", False) else booking for booking in bookings]


def events(desk: Desk) -> QuerySet[CalendarEvent]:
    """Those of his calendars that may be opened and changed."""
    his = CalendarEvent.objects.filter(calendar__membership=desk.owner)
    his = his.select_related("calendar__connection__grant", "calendar__connection__organization")
    return his if desk.sees_private else his.filter(is_private=False)


def sight(event: CalendarEvent, desk: Desk) -> Sight:
    hidden = event.is_private and not desk.sees_private
    when = (str(event.uid), event.start, event.end, event.first_day, event.last_day)
    if hidden:
        return Sight(*when, title=title(), is_hidden=True, blocks=event.blocks)
    return Sight(
        *when,
        title=event.title,
        is_hidden=False,
        blocks=event.blocks,
        calendar=event.calendar.name,
        location=event.location,
        description=event.description,
        join_url=event.join_url,
        web_url=event.web_url,
        organizer=event.organizer,
        attendees=tuple(event.attendees),
        is_private=event.is_private,
        can_write=event.can_write,
        response=event.response,
        shows_as=event.shows_as,
        reference=event.reference,
    )


def outside(meeting: OutsideMeeting, desk: Desk) -> Sight:
    """What stands in no calendar cannot be marked private, so it is taken for it."""
    closes = bool(meeting.closes)  # type: ignore[attr-defined]  # annotated (queries.py)
    when = ("", meeting.start, meeting.end, None, None)
    if not desk.sees_private:
        return Sight(*when, title=title(), is_hidden=True, blocks=closes)
    kind, place = meeting.get_kind_display(), conferencing.place(meeting.connection)
    return Sight(
        *when,
        title=meeting.title,
        is_hidden=False,
        blocks=closes,
        calendar=f"{kind} · {place}",
        join_url=meeting.join_url,
    )


def of_application(event: ApplicationEvent, desk: Desk) -> Sight:
    """The same holds for what an application made."""
    closes = event.transparency == Transparency.OPAQUE
    when = ("", event.start, event.end, None, None)
    if not desk.sees_private:
        return Sight(*when, title=title(), is_hidden=True, blocks=closes)
    return Sight(
        *when,
        title=event.title,
        is_hidden=False,
        blocks=closes,
        calendar=" · ".join(filter(None, [maker(event), *_meeting(event)])),
        description=event.description,
        join_url=places.event_url(event, as_host=True) if event.end > now() else "",
    )


def _meeting(event: ApplicationEvent) -> list[str]:
    """Where it is held, and how that stands unless it is ready."""
    if not event.place:
        return []
    return [places.name(event.place), "" if event.state == ConferencingState.READY else event.get_state_display()]


def maker(event: ApplicationEvent) -> str:
    """Who made it, as people know him."""
    return event.application.name if event.application else _("A script with your key")


def _judged(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    return bookings.annotate(mark=MARKER).annotate(private=_PRIVATE)


def _stand_in(booking: Booking) -> Booking:
    """Not to be saved, and nothing to be looked up by."""
    empty = Booking(
        organization=booking.organization,
        host=booking.host,
        scheduler=Scheduler(name=""),
        status=booking.status,
        start=booking.start,
        end=booking.end,
        invitee_name=title(),
    )
    empty.meeting = Meeting(booking=empty, place="", state=MeetingState.REMOVED)
    empty.is_hidden = True
    return empty

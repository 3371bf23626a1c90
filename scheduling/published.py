"""What stands in a feed: a member's bookings, and what applications made for him, as one calendar (RFC 5545, 7986).

Each has the identity that it has in mails, so that a calendar that got both shows one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from icalendar import Event, vDuration, vText

from accounts.delegations import Desk
from scheduling import ical, private_events, queries, texts
from scheduling.models import ApplicationEvent, Booking, CalendarFeed

BACK = timedelta(days=90)
MOST = 1000
"""Of each kind: those that are soonest."""
AGAIN = timedelta(hours=1)
"""How long readers are asked to wait."""


def calendar(feed: CalendarFeed) -> bytes:
    """The same as long as nothing changes."""
    with translation.override(feed.membership.user.language):
        published = ical.begun("PUBLISH")
        for name in ("NAME", "X-WR-CALNAME"):
            published[name] = vText(_name(feed))
        published.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
        published["X-PUBLISHED-TTL"] = vDuration(AGAIN)
        for event in _events(feed):
            published.add_component(event)
        return bytes(published.to_ical())


def _name(feed: CalendarFeed) -> str:
    return texts.line(_("Bookings in %(organization)s") % {"organization": feed.membership.organization.name})


def _events(feed: CalendarFeed) -> Iterator[Event]:
    member = feed.membership
    recent = queries.bookings(member).filter(end__gt=now() - BACK).order_by("start", "pk")
    for booking in private_events.judged(recent, Desk(member, member, feed.private))[:MOST]:
        yield _shown(booking, feed)
    made = queries.application_events(member).filter(end__gt=now() - BACK).order_by("start", "pk")
    for event in made[:MOST]:
        yield _made(event, feed)


def _shown(booking: Booking, feed: CalendarFeed) -> Event:
    stamp = _changed(booking)
    if feed.details and not getattr(booking, "private", False):
        event = ical.event(booking, as_host=True, stamp=stamp)
    else:
        event = ical.time_alone(booking, stamp=stamp)
        event.add("summary", private_events.title() if feed.details else _("Busy"))
    event.add("transp", "TRANSPARENT" if booking.is_cancelled else "OPAQUE")
    return event


def _made(event: ApplicationEvent, feed: CalendarFeed) -> Event:
    """Nobody can mark it private; its owner sees all of it."""
    sight = private_events.of_application(event, Desk(feed.membership, feed.membership, sees_private=True))
    shown = ical.time_alone(event, stamp=event.changed_at)
    shown.add("transp", "OPAQUE" if sight.blocks else "TRANSPARENT")
    shown.add("summary", texts.line(sight.title) if feed.details else _("Busy"))
    if feed.details:
        said = (
            _("Join: %(link)s") % {"link": sight.join_url} if sight.join_url else "",
            sight.description,
            sight.calendar,
        )
        shown.add("description", texts.lines("\n\n".join(filter(None, said))))
    if feed.details and sight.join_url:
        shown.add("location", texts.line(sight.join_url))
    return shown


def _changed(booking: Booking) -> datetime:
    """When it last became another, as far as is known."""
    return max(filter(None, (booking.created_at, booking.cancelled_at, booking.meeting.settled_at)))

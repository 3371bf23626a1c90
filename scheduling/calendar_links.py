"""Links that put a booking into an invitee's calendar on the web; nothing is sent before he presses there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from scheduling import manage_links, places
from scheduling.models import Booking

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
MICROSOFT_365 = "https://outlook.office.com/calendar/0/deeplink/compose"


@dataclass(frozen=True)
class CalendarLink:
    label: str
    url: str


def of(booking: Booking) -> list[CalendarLink]:
    return [
        CalendarLink("Google", google(booking)),
        CalendarLink("Outlook.com", outlook(booking, OUTLOOK)),
        CalendarLink("Microsoft 365", outlook(booking, MICROSOFT_365)),
    ]


def google(booking: Booking) -> str:
    start, end = (f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}" for instant in (booking.start, booking.end))
    return _url(
        GOOGLE,
        action="TEMPLATE",
        text=title(booking),
        dates=f"{start}/{end}",
        ctz=booking.invitee_time_zone,
        location=location(booking),
        details=details(booking),
    )


def outlook(booking: Booking, address: str) -> str:
    return _url(
        address,
        path="/calendar/action/compose",
        rru="addevent",
        subject=title(booking),
        startdt=_iso(booking.start),
        enddt=_iso(booking.end),
        location=location(booking),
        body=details(booking),
    )


def title(booking: Booking) -> str:
    return _("%(what)s with %(host)s") % {"what": booking.scheduler.name, "host": booking.host}


def location(booking: Booking) -> str:
    """The link if there is one, else what was said about the place."""
    meeting = booking.meeting
    return places.join_url(meeting) or meeting.detail or places.name(meeting.place)


def details(booking: Booking) -> str:
    return _("Reschedule or cancel: %(url)s") % {"url": manage_links.url(booking)}


def _iso(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _url(address: str, **values: str) -> str:
    return f"{address}?{urlencode(values)}"

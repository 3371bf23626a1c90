"""A booking as an RFC 5545 object: one UID for ever, a SEQUENCE that rises, so that calendars replace, not double."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from scheduling import manage_links, places, texts
from scheduling.models import ApplicationEvent, Booking

CONTENT_TYPE = "text/calendar; method={method}; charset=utf-8"


def calendar(booking: Booking, *, as_host: bool = False) -> str:
    """An invitation to it, or its cancellation (RFC 5546), for the invitee or for the host: their links differ."""
    invitation = begun(method(booking))
    invitation.add_component(_invitation(booking, as_host))
    return str(invitation.to_ical(), "utf-8")


def begun(method: str) -> Calendar:
    """A calendar with nothing in it yet."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bridge//Bridge//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def method(booking: Booking) -> str:
    return "CANCEL" if booking.is_cancelled else "REQUEST"


def uid(row: Booking | ApplicationEvent) -> str:
    return f"{row.uid}@{urlsplit(settings.BASE_URL).hostname}"


def url(booking: Booking, *, as_host: bool) -> str:
    """Where it is managed."""
    if as_host:
        return settings.BASE_URL + reverse("booking", args=[booking.organization.slug, booking.uid])
    return manage_links.url(booking)


def event(booking: Booking, *, as_host: bool, stamp: datetime) -> Event:
    """All of it, but who takes part: only invitations name him (RFC 5546, 3.2.1)."""
    event = time_alone(booking, stamp=stamp)
    event.add("summary", summary(booking))
    event.add("organizer", _person(booking.host.email, str(booking.host)))
    event.add("url", url(booking, as_host=as_host))
    if not booking.is_cancelled:
        _say_where(event, booking, as_host)
    return event


def time_alone(row: Booking | ApplicationEvent, *, stamp: datetime) -> Event:
    """Instants in UTC: they need no definition of a time zone, and every calendar shows them in its own."""
    event = Event()
    event.add("uid", uid(row))
    event.add("sequence", row.sequence)
    event.add("dtstamp", stamp.replace(microsecond=0))
    event.add("created", row.created_at.replace(microsecond=0))
    event.add("dtstart", row.start)
    event.add("dtend", row.end)
    event.add("status", "CANCELLED" if row.is_cancelled else "CONFIRMED")
    return event


def _invitation(booking: Booking, as_host: bool) -> Event:
    invitation = event(booking, as_host=as_host, stamp=now())
    invitation.add("attendee", _attendee(booking))
    return invitation


def summary(booking: Booking) -> str:
    return texts.line(f"{booking.scheduler.name}: {booking.invitee_name} – {booking.host}")


def _say_where(event: Event, booking: Booking, as_host: bool) -> None:
    meeting = booking.meeting
    link = "".join(texts.line(places.join_url(meeting, as_host=as_host)).split())
    event.add("location", texts.line(link or meeting.detail or places.name(meeting.place)))
    event.add("description", _description(booking, link, as_host))
    if link:
        parameters = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": texts.line(places.name(meeting.place))}
        event.add("conference", link, parameters=parameters)


def _description(booking: Booking, link: str, as_host: bool) -> str:
    paragraphs = []
    if link:
        paragraphs.append(_("Join: %(link)s") % {"link": link})
    if booking.meeting.passcode:
        paragraphs.append(_("Passcode: %(passcode)s") % {"passcode": booking.meeting.passcode})
    if booking.notes:
        paragraphs.append(booking.notes)
    paragraphs.append(_("Reschedule or cancel: %(url)s") % {"url": url(booking, as_host=as_host)})
    return texts.lines("\n\n".join(paragraphs))


def _person(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{texts.line(email)}")
    address.params["CN"] = texts.line(name)
    return address


def _attendee(booking: Booking) -> vCalAddress:
    """He asked for it himself, so he is not asked again."""
    attendee = _person(booking.invitee_email, booking.invitee_name)
    attendee.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    return attendee

"""A VEVENT as our Event."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from icalendar import Event as Component

from integrations.providers.caldav import zones
from integrations.providers.caldav.objects import first, listed
from integrations.types import Event, Response, ShowsAs

REFERENCE = "X-BRIDGE-REFERENCE"
OUR_NAME = re.compile(r"/bridge-([A-Za-z0-9._-]{1,50})\.ics$")
"""What writing.py calls an object; a blank of the reference is an underscore in it."""
LONGEST_LINE, LONGEST_TEXT, LONGEST_LINK = 500, 20_000, 2000
MOST_ATTENDEES = 500
PRIVATE = {"PRIVATE", "CONFIDENTIAL"}
BUSY_STATUS = {
    "FREE": ShowsAs.FREE,
    "BUSY": ShowsAs.BUSY,
    "TENTATIVE": ShowsAs.TENTATIVE,
    "OOF": ShowsAs.OUT_OF_OFFICE,
    "WORKINGELSEWHERE": ShowsAs.ELSEWHERE,
}
RESPONSES = {
    "NEEDS-ACTION": Response.NEEDS_ACTION,
    "ACCEPTED": Response.ACCEPTED,
    "TENTATIVE": Response.TENTATIVE,
    "DECLINED": Response.DECLINED,
    "DELEGATED": Response.DECLINED,
}
CONFERENCES = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")

Own = Callable[[], frozenset[str]]
"""The user's addresses; asked for only where somebody is invited."""


def read(component: Component, path: str, etag: str, own: Own, *, instance: str = "") -> Event:
    """instance: which one of the series that lies at `path`."""
    start = first(component, "DTSTART").dt
    organizer, attendees = _mail(first(component, "ORGANIZER")), _attendees(component)
    mine = not organizer or organizer in own()
    status = _word(component, "STATUS")
    return Event(
        external_id=f"{path}#{instance}" if instance else path,
        start=start,
        end=_end(component, start),
        title=_text(component, "SUMMARY")[:LONGEST_LINE],
        series_id=path if instance else "",
        uid=_text(component, "UID")[:LONGEST_LINE],
        etag=etag,
        time_zone=zones.name(getattr(start, "tzinfo", None)),
        location=_text(component, "LOCATION")[:LONGEST_LINE],
        description=_text(component, "DESCRIPTION")[:LONGEST_TEXT],
        join_url=next((link for name in CONFERENCES if (link := _link(component, name))), ""),
        web_url=_link(component, "URL"),
        organizer=organizer,
        is_organizer=mine,
        attendees=tuple(attendees),
        is_private=_word(component, "CLASS") in PRIVATE,
        shows_as=_shows_as(component),
        response=Response.NONE if mine else _response(attendees, own()),
        is_cancelled=status == "CANCELLED",
        is_tentative=status == "TENTATIVE",
        can_write=mine,
        reference=_reference(component, path),
    )


def stamp(when: date) -> str:
    """How a series calls an instance: by the moment at which its rule put it."""
    if not isinstance(when, datetime):
        return when.strftime("%Y%m%d")
    if when.tzinfo is None:
        return when.strftime("%Y%m%dT%H%M%S")
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def instance_of(component: Component) -> str:
    """RANGE=THISANDFUTURE: one exception stands for many instances, so their own times tell them apart."""
    told = first(component, "RECURRENCE-ID")
    moved = told is None or "RANGE" in getattr(told, "params", {})
    return stamp(first(component, "DTSTART").dt if moved else told.dt)


def _end(component: Component, start: date) -> Any:
    """DTEND, else DURATION, else the day, else the moment itself (RFC 5545, 3.6.1)."""
    end, duration = first(component, "DTEND"), first(component, "DURATION")
    if end is not None and isinstance(end.dt, datetime) == isinstance(start, datetime):
        return end.dt
    if duration is not None and isinstance(duration.dt, timedelta):
        return start + duration.dt
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _shows_as(component: Component) -> ShowsAs:
    """What is said to be free is free; where both ways to say it disagree, it is busy."""
    transparency = _word(component, "TRANSP")
    found = BUSY_STATUS.get(_word(component, "X-MICROSOFT-CDO-BUSYSTATUS"), ShowsAs.BUSY)
    if transparency == "TRANSPARENT":
        return ShowsAs.ELSEWHERE if found == ShowsAs.ELSEWHERE else ShowsAs.FREE
    return ShowsAs.BUSY if transparency and found == ShowsAs.FREE else found


def _attendees(component: Component) -> dict[str, str]:
    """What each answered, by address."""
    found = {}
    for attendee in listed(component, "ATTENDEE")[:MOST_ATTENDEES]:
        if mail := _mail(attendee):
            found[mail] = str(getattr(attendee, "params", {}).get("PARTSTAT", "NEEDS-ACTION")).upper()
    return found


def _response(attendees: dict[str, str], own: frozenset[str]) -> Response:
    said = next((answer for mail, answer in attendees.items() if mail in own), "")
    return RESPONSES.get(said, Response.NEEDS_ACTION) if said else Response.NONE


def _mail(person: Any) -> str:
    """The address of an organizer or attendee; servers that hide it behind one of their own put it into EMAIL."""
    if person is None:
        return ""
    said = str(person).strip()
    mail = said[7:] if said.lower().startswith("mailto:") else str(getattr(person, "params", {}).get("EMAIL", ""))
    return mail.strip().lower() if "@" in mail and len(mail) <= 254 else ""


def _reference(component: Component, path: str) -> str:
    """Our marker; the name we gave the object says it too, where a server drops what it does not know."""
    said, named = unquote(_text(component, REFERENCE)), OUR_NAME.search(path)
    return said[:50] or (named[1].replace("_", " ") if named else "")


def _link(component: Component, name: str) -> str:
    link = _text(component, name)
    return link if link.startswith(("https://", "http://")) and len(link) <= LONGEST_LINK else ""


def _word(component: Component, name: str) -> str:
    return _text(component, name).upper()


def _text(component: Component, name: str) -> str:
    found = first(component, name)
    return "" if found is None else str(found).replace("\x00", "").strip()

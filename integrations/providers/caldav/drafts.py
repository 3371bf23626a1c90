"""Our request as a VEVENT, and what it changes in one that stands.

Instants are written in UTC, which needs no definition of a time zone; an event that has a zone of its own keeps it.
"""

import re
from datetime import UTC, date, datetime, tzinfo
from urllib.parse import quote

from django.utils.timezone import now
from icalendar import Calendar, Event
from icalendar.prop import vDDDTypes, vText

from integrations.providers.caldav import zones
from integrations.providers.caldav.events import REFERENCE
from integrations.providers.caldav.objects import HIDDEN, Object, first, zone_of
from integrations.types import EventRequest

PRODUCT = "-//Bridge//Bridge//EN"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")


def new(request: EventRequest, uid: str) -> bytes:
    calendar, event = Calendar(), Event()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    event.add("uid", uid)
    event.add("created", _now())
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    if request.reference:
        event[REFERENCE] = vText(quote(request.reference, safe=" "))
    bring(event, request)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def bring(event: Event, request: EventRequest, zone: tuple[str, tzinfo] | None = None) -> None:
    """To what the request says: title, times, place, description, class; everything else stays.

    zone: in which to write the times, by the name that the object has for it.
    """
    _replace(event, "SUMMARY", clean(request.title))
    _replace(event, "LOCATION", clean(request.location))
    _replace(event, "DESCRIPTION", clean(request.description))
    _replace(event, "CLASS", "PRIVATE" if request.is_private else "")
    event.pop("DURATION", None)
    event["DTSTART"], event["DTEND"] = written(request.start, zone), written(request.end, zone)
    touch(event)


def touch(event: Event) -> None:
    """It changed now (RFC 5545, 3.8.7)."""
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        event.pop(name, None)
        event.add(name, _now())
    said = event.pop("SEQUENCE", None)
    event.add("SEQUENCE", int(said) + 1 if isinstance(said, int) else 0)


def own_zone(event: Event, found: Object) -> tuple[str, tzinfo] | None:
    """In which its times stand, if they stand in one that is known."""
    name = zone_of(first(event, "DTSTART"))
    try:
        return (name, zones.find(name, found.definitions)) if name else None
    except zones.Unknown:
        return None


def written(when: date, zone: tuple[str, tzinfo] | None = None) -> vDDDTypes:
    if not isinstance(when, datetime) or when.tzinfo is None:
        return vDDDTypes(when)
    if zone is None:
        return vDDDTypes(when.astimezone(UTC).replace(microsecond=0))
    local = vDDDTypes(when.astimezone(zone[1]).replace(microsecond=0, tzinfo=None))
    local.params[HIDDEN] = zone[0]
    return local


def clean(text: str) -> str:
    """Without what iCalendar and XML cannot hold."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _replace(event: Event, name: str, text: str) -> None:
    event.pop(name, None)
    if text:
        event[name] = vText(text)


def _now() -> datetime:
    return now().astimezone(UTC).replace(microsecond=0)

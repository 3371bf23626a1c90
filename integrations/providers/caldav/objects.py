"""A calendar object as it lies on the server: one event or one series, in iCalendar (RFC 5545, RFC 4791 4.1).

icalendar never sees a time zone: it would keep what one server defines for all others, and expand any rule in it. Its
times come out as on the clock, and get their zones here.
"""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar, Event
from icalendar.parser import Contentline

from integrations.exceptions import RequestRejected
from integrations.providers.caldav import zones

LARGEST = 2_000_000
HIDDEN = "X-BRIDGE-TZID"
TIMED = ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE")
NEEDED = {*TIMED, "DURATION", "RRULE"}
_FOLD = re.compile(r"\r?\n[ \t]")
_ZONE = re.compile(r"^BEGIN:VTIMEZONE\n.*?^END:VTIMEZONE\n", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_ID = re.compile(r"^TZID(?:;[^:\n]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)
_NAMED = re.compile(r"^([A-Za-z0-9-]+(?:;[^:\n]*)?);TZID=", re.MULTILINE | re.IGNORECASE)
_SUMMARY = re.compile(r"^SUMMARY[^:\n]*:(.*)$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Stored:
    """As the server gave it."""

    path: str
    etag: str
    text: str


@dataclass(frozen=True)
class Object:
    """`calendar`: times without zones, to be written back.  definitions: the VTIMEZONEs, by TZID."""

    path: str
    etag: str
    calendar: Calendar
    definitions: dict[str, str]

    @property
    def events(self) -> list[Event]:
        return [event for event in self.calendar.walk("VEVENT") if isinstance(event, Event)]

    def text(self) -> str:
        """To be stored again."""
        plain = _FOLD.sub("", self.calendar.to_ical().decode()).replace(f";{HIDDEN}=", ";TZID=")
        lines = plain.replace("BEGIN:VEVENT", "".join(self.definitions.values()) + "BEGIN:VEVENT", 1).splitlines()
        return "".join(_folded(line) for line in lines)


def _folded(line: str) -> str:
    return str(Contentline(line).to_ical(), "utf-8") + "\r\n"  # type: ignore[no-untyped-call]


def parse(stored: Stored) -> Object:
    """Raises RequestRejected with the event's name."""
    text = _FOLD.sub("", stored.text).replace("\r\n", "\n") + "\n"
    if len(text) > LARGEST:
        raise unreadable(stored.text, stored.path)
    definitions = {found[1].strip(): block for block in _ZONE.findall(text) if (found := _ID.search(block))}
    hidden = _NAMED.sub(rf"\1;{HIDDEN}=", _ZONE.sub("", text))
    try:
        # Bytes: a string without line breaks would be taken for the name of a file.
        calendar = Calendar.from_ical(hidden.encode())
    except Exception as error:
        raise unreadable(text, stored.path) from error
    return Object(stored.path, stored.etag, calendar, definitions)


def unreadable(text: str, path: str) -> RequestRejected:
    sentence = _(
        "The event “%(event)s” cannot be read. Change or delete it in your calendar; until then its days are "
        "not certain."
    )
    return RequestRejected(sentence % {"event": name(text, path)})


def name(text: str, path: str) -> str:
    found = _SUMMARY.search(text[:LARGEST])
    return (found[1].strip() if found else "")[:100] or path.rpartition("/")[2][:100]


def in_zones(stored: Stored) -> list[Event]:
    """The events with their times where they belong. Raises RequestRejected with the name of one that has none."""
    found = parse(stored)
    for event in found.events:
        if "DTSTART" not in event or any(broken in NEEDED for broken, _why in event.errors):
            raise unreadable(stored.text, stored.path)
        for prop in (prop for kind in TIMED for prop in listed(event, kind)):
            _place(prop, found, event)
    return found.events


def listed(event: Event, name: str) -> list[Any]:
    """The values of a property that may stand there once, several times, or not at all."""
    found = event.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]


def first(event: Event, name: str) -> Any:
    """The value of a property that may stand there once; None if it does not."""
    return next(iter(listed(event, name)), None)


def zone_of(prop: Any) -> str:
    return str(prop.params.get(HIDDEN, "")) if hasattr(prop, "params") else ""


def placed(prop: Any, found: Object) -> Any:
    """A single time of an object where it belongs. Raises zones.Unknown."""
    zone = zones.find(zone_of(prop), found.definitions) if zone_of(prop) else None
    return _within(prop.dt, zone) if zone else prop.dt


def _place(prop: Any, found: Object, event: Event) -> None:
    if not (named := zone_of(prop)):
        return
    try:
        zone = zones.find(named, found.definitions)
    except zones.Unknown:
        raise _nowhere(event, found, named) from None
    for one in getattr(prop, "dts", [prop]):
        parts = one.dt
        one.dt = tuple(_within(part, zone) for part in parts) if isinstance(parts, tuple) else _within(parts, zone)


def _nowhere(event: Event, found: Object, named: str) -> RequestRejected:
    sentence = _(
        "The event “%(event)s” lies in the time zone “%(zone)s”, which Bridge does not know. Choose another for it in "
        "your calendar; until then its days are not certain."
    )
    title = str(first(event, "SUMMARY") or found.path.rpartition("/")[2])[:100]
    return RequestRejected(sentence % {"event": title, "zone": named[:100]})


def _within(moment: Any, zone: tzinfo) -> Any:
    return moment.replace(tzinfo=zone) if isinstance(moment, datetime) and moment.tzinfo is None else moment

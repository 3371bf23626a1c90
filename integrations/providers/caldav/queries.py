"""What is asked of a CalDAV server, as XML (RFC 4791, 4918, 5397, 6578)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.sax.saxutils import escape

DAV = "DAV:"
CALDAV = "urn:ietf:params:xml:ns:caldav"
SERVER = "http://calendarserver.org/ns/"
PREFIXES = {"D": DAV, "C": CALDAV, "S": SERVER}
_OPEN = '<?xml version="1.0" encoding="utf-8"?>\n'
_NAMESPACES = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in PREFIXES.items())
DATA = "<D:getetag/><C:calendar-data/>"
ETAGS = "<D:getetag/>"


def clark(name: str) -> str:
    """D:href as the parser spells it: {DAV:}href."""
    prefix, _colon, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"


def properties(*names: str) -> str:
    """The body of a PROPFIND."""
    asked = "".join(f"<{name}/>" for name in names)
    return f"{_OPEN}<D:propfind {_NAMESPACES}><D:prop>{asked}</D:prop></D:propfind>"


def between(start: datetime, end: datetime, wanted: str = ETAGS) -> str:
    """The objects with an event, or an instance of one, in this time."""
    span = f'<C:time-range start="{_utc(start)}" end="{_utc(end)}"/>'
    return _query(f'<C:comp-filter name="VEVENT">{span}</C:comp-filter>', wanted)


def known_as(uid: str) -> str:
    """The object with the event of this UID."""
    match = f'<C:prop-filter name="UID"><C:text-match collation="i;octet">{escape(uid)}</C:text-match></C:prop-filter>'
    return _query(f'<C:comp-filter name="VEVENT">{match}</C:comp-filter>', ETAGS)


def these(hrefs: Iterable[str]) -> str:
    named = "".join(f"<D:href>{escape(href)}</D:href>" for href in hrefs)
    return f"{_OPEN}<C:calendar-multiget {_NAMESPACES}><D:prop>{DATA}</D:prop>{named}</C:calendar-multiget>"


def changed(token: str) -> str:
    """What changed since the token (RFC 6578, 3.2)."""
    asked = f"<D:sync-token>{escape(token)}</D:sync-token><D:sync-level>1</D:sync-level><D:prop>{ETAGS}</D:prop>"
    return f"{_OPEN}<D:sync-collection {_NAMESPACES}>{asked}</D:sync-collection>"


def _query(inner: str, wanted: str) -> str:
    return (
        f"{_OPEN}<C:calendar-query {_NAMESPACES}><D:prop>{wanted}</D:prop>"
        f'<C:filter><C:comp-filter name="VCALENDAR">{inner}</C:comp-filter></C:filter></C:calendar-query>'
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")

"""Which calendars there are."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from integrations.providers.caldav import queries, zones
from integrations.providers.caldav.dav import Dav
from integrations.providers.caldav.multistatus import Answer
from integrations.types import ListedCalendar

ASKED = (
    "D:displayname",
    "D:resourcetype",
    "D:current-user-privilege-set",
    "C:supported-calendar-component-set",
    "C:calendar-timezone",
    "C:calendar-timezone-id",
    "C:schedule-default-calendar-URL",
)
LONGEST_ID, LONGEST_NAME = 500, 300
CALENDAR = queries.clark("C:calendar")
_ZONE = re.compile(r"^TZID(?:;[^:\r\n]*)?:(.*?)\r?$", re.MULTILINE)


def calendars(dav: Dav) -> list[ListedCalendar]:
    """Those for events; the main one, where new invitations go, first."""
    answers = dav.propfind(dav.root, *ASKED, depth="1")
    found = [_calendar(answer) for answer in answers if _keeps_events(answer)]
    main = _main(answers, found)
    marked = [replace(one, is_main=one.external_id == main) for one in found]
    return sorted(marked, key=lambda one: not one.is_main)


def _keeps_events(answer: Answer) -> bool:
    kinds = answer.properties.get(queries.clark("C:supported-calendar-component-set"))
    names = [kind.get("name", "").upper() for kind in kinds] if kinds is not None else []
    is_calendar = CALENDAR in answer.names("D:resourcetype")
    return is_calendar and (not names or "VEVENT" in names) and len(answer.path) <= LONGEST_ID


def _calendar(answer: Answer) -> ListedCalendar:
    return ListedCalendar(
        external_id=answer.path,
        name=(answer.text("D:displayname") or answer.path.rstrip("/").rpartition("/")[2] or _("Calendar"))[
            :LONGEST_NAME
        ],
        time_zone=_zone(answer),
        can_write=_can_write(answer),
    )


def _main(answers: tuple[Answer, ...], found: list[ListedCalendar]) -> str:
    """What the inbox for invitations names (RFC 6638, 9.2); else the first that may be written."""
    named = {answer.href("C:schedule-default-calendar-URL").rstrip("/") for answer in answers} - {""}
    told = next((one for one in found if one.external_id.rstrip("/") in named), None)
    first = told or next((one for one in found if one.can_write), None)
    return first.external_id if first else ""


def _can_write(answer: Answer) -> bool:
    """Where a server does not say, trying will tell."""
    if queries.clark("D:current-user-privilege-set") not in answer.properties:
        return True
    privileges = answer.names("D:current-user-privilege-set")
    return bool(privileges & {queries.clark("D:all"), queries.clark("D:write")}) or privileges >= {
        queries.clark("D:bind"),
        queries.clark("D:write-content"),
    }


def _zone(answer: Answer) -> str:
    """An IANA name, or nothing."""
    told = answer.text("C:calendar-timezone-id") or "".join(_ZONE.findall(answer.text("C:calendar-timezone"))[:1])
    try:
        return zones.name(zones.find(told.strip(), {})) if told else ""
    except zones.Unknown:
        return ""

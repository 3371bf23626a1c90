"""Instants, windows and time zones, as they come in."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from scheduling import time_zones
from scheduling.api.problems import FieldProblem, Problem
from scheduling.selection import FIRST, LAST

LONGEST = timedelta(days=62)
USUAL = timedelta(days=14)

_FORMAT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_SPACE = re.compile(r" (?=\d\d:\d\d$)")
"""What becomes of a plus in an address if nobody escapes it."""


def _instant(given: Any) -> datetime:
    text = _SPACE.sub("+", given) if isinstance(given, str) else ""
    if not _FORMAT.fullmatch(text):
        raise _wrong(_("Please write it as 2027-03-01T09:00:00+01:00 (RFC 3339)."))
    found = _read(text)
    if found.tzinfo is None:
        raise _wrong(_("The offset is missing, such as Z or +01:00: without it nobody knows when that is."))
    if not FIRST <= found.date() <= LAST:
        raise _wrong(_("This lies too far away."))
    return found.astimezone(UTC)


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _wrong(_("There is no such day or time.")) from None


def _zone(name: str) -> str:
    found = time_zones.find(name)
    if found is None:
        raise _wrong(_("This is no time zone that we know. Take a name such as Europe/Berlin."))
    return found


def _wrong(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("time", "{sentence}", {"sentence": sentence})


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2027-03-01T09:00:00+01:00"]}),
]
"""With an offset, in the centuries that bookings live in; then in UTC."""

Zone = Annotated[
    str,
    AfterValidator(_zone),
    WithJsonSchema({"type": "string", "maxLength": 64, "examples": ["Europe/Berlin"]}),
]
"""The name of an IANA time zone."""


@dataclass(frozen=True)
class Window:
    """[start, end)."""

    start: datetime
    end: datetime


def window(start: datetime | None, end: datetime | None, *, now: datetime) -> Window:
    """As asked for in from and until; without, from now on, and two weeks."""
    begins = start or now
    ends = end or begins + USUAL
    if ends <= begins:
        raise _refused(_("This has to be later than “from”."))
    if ends - begins > LONGEST:
        raise _refused(_("Please ask for at most %(days)s days at once.") % {"days": LONGEST.days})
    return Window(begins, ends)


def _refused(message: str) -> Problem:
    return Problem("invalid", errors=[FieldProblem(where="query.until", message=message)])

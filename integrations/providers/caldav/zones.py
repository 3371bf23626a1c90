"""Time zones as iCalendar objects name them. One that we cannot make sense of fails loudly, and never reads as UTC."""

import re
from datetime import UTC, tzinfo
from functools import lru_cache
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

from dateutil.tz import tzical
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

LONGEST = 10_000
UNIVERSAL = {"UTC", "GMT", "Z", "Etc/UTC", "Etc/GMT", "Zulu"}
_LOCATION = re.compile(r"^X-LIC-LOCATION[^:\n]*:\s*(\S+)", re.MULTILINE)
_RULE = re.compile(r"^RRULE[^:\n]*:(.*)$", re.MULTILINE)
_YEARLY = {"FREQ", "INTERVAL", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL", "WKST"}
_EXTRA = re.compile(r"^(?:X-|TZURL|LAST-MODIFIED|COMMENT)[^\n]*\n", re.MULTILINE)


class Unknown(ValueError):
    """Nobody knows what the name means."""


def find(name: str, definitions: dict[str, str]) -> tzinfo:
    """By its name; else by the definition in the same object (VTIMEZONE, by its TZID). Raises Unknown."""
    if name.strip("/") in UNIVERSAL:
        return UTC
    definition = definitions.get(name, "")
    location = _LOCATION.search(definition)
    if found := _iana(name) or (location and _iana(location[1])):
        return ZoneInfo(found)
    if definition:
        return _defined(definition)
    raise Unknown(name)


def name(zone: tzinfo | None) -> str:
    """Its IANA name; empty for one that has none, and for universal time."""
    return zone.key if isinstance(zone, ZoneInfo) and zone.key not in UNIVERSAL else ""


def _iana(name: str) -> str:
    """Also of Windows' names, and of names that a vendor put a prefix to: /mozilla.org/20050126_1/Europe/Berlin."""
    plain = name.strip("/ ")
    parts = plain.split("/")[:6]
    candidates = [plain, WINDOWS_TO_OLSON.get(plain, ""), *("/".join(parts[start:]) for start in range(1, len(parts)))]
    return next((found for found in candidates if found in available_zones()), "")


@lru_cache(maxsize=1)
def available_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=200)
def _defined(definition: str) -> tzinfo:
    """Only rules such as law-makers write: one that repeats every second would keep us busy for ever."""
    plain = _EXTRA.sub("", definition).replace(";VALUE=DATE-TIME", "")
    if len(plain) > LONGEST or not all(_is_yearly(rule) for rule in _RULE.findall(plain)):
        raise Unknown("VTIMEZONE")
    try:
        zone: tzinfo | None = tzical(StringIO(plain)).get()
    except (ValueError, KeyError, TypeError, IndexError, OverflowError) as error:
        raise Unknown(str(error)) from None
    assert zone is not None
    return zone


def _is_yearly(rule: str) -> bool:
    parts = dict(part.partition("=")[::2] for part in rule.strip().upper().split(";"))
    return parts.get("FREQ") == "YEARLY" and set(parts) <= _YEARLY

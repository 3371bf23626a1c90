"""Times as the API writes and reads them."""

import re
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.simulators.google.errors import invalid

OFFSET = re.compile(r"(Z|[+-]\d\d:\d\d)$", re.IGNORECASE)


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise invalid("Invalid time zone definition for start time.") from error


def bound(text: str, name: str) -> datetime:
    """A query's limit: it must have an offset."""
    try:
        if not OFFSET.search(text):
            raise ValueError(text)
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid("Bad Request", name) from error


def written(at: datetime, of: str = "UTC") -> str:
    return at.astimezone(ZoneInfo(of)).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def instant(moment: dict[str, Any], of: str) -> datetime:
    """Of a start or end; `of`: the calendar's zone, which decides about days and what has no offset."""
    if "date" in moment:
        return datetime.combine(date.fromisoformat(moment["date"]), time(), zone(of))
    at = datetime.fromisoformat(moment["dateTime"])
    return at if at.tzinfo else at.replace(tzinfo=zone(moment.get("timeZone") or of))


def local(moment: dict[str, Any], of: str) -> datetime:
    """The wall clock in the zone that the event is kept in."""
    if "date" in moment:
        return datetime.combine(date.fromisoformat(moment["date"]), time())
    return instant(moment, of).astimezone(zone(moment.get("timeZone") or of)).replace(tzinfo=None)


def like(moment: dict[str, Any], wall: datetime, of: str) -> dict[str, Any]:
    """A start or end of the same kind, at this wall clock."""
    if "date" in moment:
        return {"date": wall.date().isoformat()}
    name = moment.get("timeZone") or of
    at = wall.replace(tzinfo=zone(name)).astimezone(UTC)
    return {"dateTime": written(at, name), "timeZone": name}


def shown(moment: dict[str, Any], of: str, in_zone: str) -> dict[str, Any]:
    if "date" in moment:
        return dict(moment)
    return {**moment, "dateTime": written(instant(moment, of), in_zone), "timeZone": moment.get("timeZone") or of}


def suffix(moment: dict[str, Any], of: str) -> str:
    """What follows the series' id in an instance's."""
    if "date" in moment:
        return str(moment["date"]).replace("-", "")
    return f"{instant(moment, of).astimezone(UTC):%Y%m%dT%H%M%SZ}"

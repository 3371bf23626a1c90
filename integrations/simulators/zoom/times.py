"""How Zoom reads start_time and writes instants, and which time zones it publishes."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PUBLISHED = frozenset((Path(__file__).parent / "time_zones.txt").read_text().split())
"""The ids in Zoom's own list; it has old names and lacks many of IANA's."""

FORMAT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z?)")


def instant(text: str, time_zone: str) -> datetime:
    """With a Z an instant, without it wall time in `time_zone`. Raises ValueError for other spellings."""
    spelled = FORMAT.fullmatch(text)
    if spelled is None:
        raise ValueError(text)
    moment = datetime.fromisoformat(text.removesuffix("Z"))
    return moment.replace(tzinfo=UTC) if spelled[1] else moment.replace(tzinfo=zone(time_zone)).astimezone(UTC)


def zone(name: str) -> ZoneInfo | timezone:
    try:
        return timezone(timedelta(hours=11), "SST") if name == "SST" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def seconds(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)

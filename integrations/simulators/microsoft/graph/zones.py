"""The time zones that Exchange knows: Windows names, and some of IANA's."""

from datetime import tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from integrations.simulators.microsoft.errors import unknown_zone

HERE = Path(__file__).parents[1]
WINDOWS = dict(line.split("\t") for line in (HERE / "windows_zones.txt").read_text().splitlines())
IANA = frozenset((HERE / "iana_zones.txt").read_text().split())
UTC_NAMES = ("UTC", "tzone://Microsoft/Utc")


@cache
def named(name: str) -> tzinfo:
    """Raises GraphError for a zone that it does not know."""
    if name in UTC_NAMES:
        return ZoneInfo("Etc/UTC")
    if name not in WINDOWS and name not in IANA:
        raise unknown_zone(name)
    return ZoneInfo(WINDOWS.get(name, name))

"""Windows names of time zones, and the few others that Graph uses. One that we do not know fails loudly."""

from functools import cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from tzlocal.windows_tz import tz_win, win_tz

from integrations.exceptions import RequestRejected

UTC = ("UTC", "tzone://Microsoft/Utc", "Etc/UTC", "Etc/GMT")
OLDER = {
    "GMT": "Etc/GMT",
    "CST6CDT": "America/Chicago",
    "EST5EDT": "America/New_York",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
    "US/East-Indiana": "America/Indianapolis",
    "Europe/Uzhgorod": "Europe/Kyiv",
    "Europe/Zaporozhye": "Europe/Kyiv",
}
"""Names that the table leaves out, by one of the same clock."""


@cache
def found(name: str) -> ZoneInfo | None:
    """By a Windows or an IANA name; None for tzone://Microsoft/Custom and whatever else is no zone."""
    known = "UTC" if name in UTC else win_tz.get(name, name)
    try:
        return ZoneInfo(known)
    except (KeyError, ValueError, OSError):
        return None


def named(name: str) -> ZoneInfo:
    """Raises RequestRejected: nothing is silently taken for UTC."""
    zone = found(name)
    if zone is None:
        sentence = _("An event lies in the time zone “%(zone)s”, which Bridge does not know; its time is not certain.")
        raise RequestRejected(sentence % {"zone": name})
    return zone


def windows(name: str) -> str | None:
    """What Microsoft calls an IANA zone; None where it has no name for it."""
    if name in UTC:
        return "UTC"
    return tz_win.get(OLDER.get(name, name)) if name else None  # the table has a zone for nothing, too

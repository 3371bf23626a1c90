"""Windows names of time zones, and the few others that Graph uses. One that we do not know fails loudly."""

from functools import cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from exchangelib.winzone import IANA_TO_MS_TIMEZONE_MAP, MS_TIMEZONE_TO_IANA_MAP

from integrations.exceptions import RequestRejected

UTC = ("UTC", "tzone://Microsoft/Utc", "Etc/UTC", "Etc/GMT")
NEWER = {
    "Europe/Kyiv": "Europe/Kiev",
    "America/Ciudad_Juarez": "America/Ojinaga",
    "America/Nuuk": "America/Godthab",
    "Asia/Yangon": "Asia/Rangoon",
    "Pacific/Kanton": "Pacific/Enderbury",
}
"""Names that are younger than the table, by an older one of the same place or clock."""


@cache
def found(name: str) -> ZoneInfo | None:
    """By a Windows or an IANA name; None for tzone://Microsoft/Custom and whatever else is no zone."""
    known = "UTC" if name in UTC else MS_TIMEZONE_TO_IANA_MAP.get(name, name)
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
    return _windows().get(NEWER.get(name, name))


@cache
def _windows() -> dict[str, str]:
    return {iana: windows for iana, (windows, _territory) in IANA_TO_MS_TIMEZONE_MAP.items()}

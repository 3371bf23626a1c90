"""Windows names of time zones. One that we do not know fails loudly; nothing is silently taken for UTC."""

from functools import cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from exchangelib.ewsdatetime import EWSTimeZone

from integrations.exceptions import RequestRejected

NEWER = {
    "Europe/Kyiv": "Europe/Kiev",
    "America/Ciudad_Juarez": "America/Ojinaga",
    "America/Nuuk": "America/Godthab",
    "Asia/Yangon": "Asia/Rangoon",
    "Pacific/Kanton": "Pacific/Enderbury",
}
"""Names that are younger than the table, by an older one of the same place or clock."""


def iana(windows: str) -> ZoneInfo:
    """Raises RequestRejected."""
    known = EWSTimeZone.MS_TO_IANA_MAP.get(windows) or (windows if "/" in windows else "")
    try:
        return ZoneInfo(known)
    except (KeyError, ValueError):
        sentence = _("An event lies in the time zone “%(zone)s”, which Bridge does not know; its days are not certain.")
        raise RequestRejected(sentence % {"zone": windows}) from None


def knows(windows: str) -> bool:
    return windows in EWSTimeZone.MS_TO_IANA_MAP


def windows(name: str) -> str:
    """Raises RequestRejected for a zone that Windows has no name for."""
    found = _windows(NEWER.get(name, name))
    if found is None:
        raise RequestRejected(_("Exchange has no name for the time zone %(zone)s.") % {"zone": name})
    return found


def has_name(name: str) -> bool:
    return _windows(NEWER.get(name, name)) is not None


@cache
def _windows(name: str) -> str | None:
    found: tuple[str, str] | None = EWSTimeZone.IANA_TO_MS_MAP.get(name)
    return found[0] if found else None

"""What an invitee has chosen so far, as it stands in the address: month, day, zone, duration, start.

An address can say anything. What it says wrongly is replaced by something sensible, with a sentence in `corrections`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from scheduling import time_zones

FIRST, LAST = date(1990, 1, 1), date(2200, 12, 31)
"""No booking lies outside; far from where arithmetic with dates ends."""


@dataclass(frozen=True)
class Selection:
    zone: str
    duration: int
    zone_is_guessed: bool = True
    month: date | None = None
    day: date | None = None
    start: datetime | None = None
    name: str = ""
    email: str = ""
    zone_search: str = ""
    corrections: tuple[str, ...] = ()
    _default_duration: int = field(default=0, repr=False)

    @property
    def start_day(self) -> date | None:
        """The date of the start, in the chosen zone."""
        return self.start.astimezone(ZoneInfo(self.zone)).date() if self.start else None

    def address(self, **changes: object) -> str:
        """The query string that leads to this selection with `changes`."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        return _query(changed.kept)

    def address_up_to(self, name: str, **changes: object) -> str:
        """The same, ready for another value of `name` at its end."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        return _query([*((other, value) for other, value in changed.kept if other != name), (name, "")])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the address has to say, as names and values."""
        told = {
            "month": self.month and f"{self.month:%Y-%m}",
            "day": self.day and self.day.isoformat(),
            "zone": "" if self.zone_is_guessed else self.zone,
            "duration": "" if self.duration == self._default_duration else str(self.duration),
            "start": self.start and written(self.start),
            "name": self.name,
            "email": self.email,
        }
        return [(name, value) for name, value in told.items() if value]


def read(values: Mapping[str, str], *, durations: list[int], zone: str) -> Selection:
    """`zone`: the one to show as long as the address names none. `durations`: those that are offered."""
    corrections: list[str] = []
    known = time_zones.find(values.get("zone", "")[:64])
    if values.get("zone") and not known:
        corrections.append(
            _("We do not know the time zone “%(asked)s”, so times are shown for %(zone)s.")
            % {"asked": _short(values["zone"]), "zone": time_zones.city(zone)}
        )
    return Selection(
        zone=known or zone,
        zone_is_guessed=not known,
        duration=_duration(values.get("duration", ""), durations, corrections),
        month=_month(values.get("month", ""), corrections),
        day=_day(values.get("day", ""), corrections),
        start=_start(values.get("start", ""), corrections),
        name=values.get("name", "")[:120],
        email=values.get("email", "")[:254],
        zone_search=values.get("find_zone", "")[:64],
        corrections=tuple(corrections),
        _default_duration=durations[0],
    )


def written(start: datetime) -> str:
    """As it stands in the address: 2026-12-03T09:00Z."""
    return f"{start.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def instant(text: str) -> datetime | None:
    """A start as `written` (seconds may be there, if they are zero); None if it cannot be one."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:00(\.0+)?)?(Z|\+00:00)", text, re.ASCII):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if FIRST <= found.date() <= LAST else None


def _query(told: list[tuple[str, str]]) -> str:
    return "?" + urlencode(told, safe=":/@")


def _duration(text: str, durations: list[int], corrections: list[str]) -> int:
    if not text:
        return durations[0]
    if re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) and int(text) in durations:
        return int(text)
    corrections.append(_("That length is not offered here. Please choose one of those shown."))
    return durations[0]


def _month(text: str, corrections: list[str]) -> date | None:
    found = _date(f"{text}-01") if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text, re.ASCII) else None
    if text and not found:
        corrections.append(_("The address names a month that does not exist, so another one is shown."))
    return found


def _day(text: str, corrections: list[str]) -> date | None:
    found = _date(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) else None
    if text and not found:
        corrections.append(_("The address names a day that does not exist, so another one is shown."))
    return found


def _start(text: str, corrections: list[str]) -> datetime | None:
    found = instant(text)
    if text and not found:
        corrections.append(_("The address names a time that we cannot read. Please choose one below."))
    return found


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None


def _short(text: str) -> str:
    shown = "".join(letter for letter in text if letter.isprintable())
    return shown if len(shown) <= 40 else f"{shown[:40]}…"

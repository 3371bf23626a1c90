"""How somebody reads times: in which zone, with 12 or 24 hours, and which day begins the week."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dateformat import DateFormat
from django.utils.translation import get_language, pgettext
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts.models import User
from scheduling import time_zones

# CLDR supplemental data (timeData, weekData), as far as the two differ from 24 hours and Monday.
TWELVE_HOURS = frozenset(re.findall("..", "AEAUBDBHCACODODZEGHNINIQJOKRKWLBLYMRMXMYNINZOMPAPHPKPRQASASDSVSYTNTWUSVEYE"))
SUNDAY_FIRST = frozenset(
    re.findall(
        "..",
        "AGASBDBRBSBTBWBZCACODMDOETGTGUHKHNIDILINJMJPKEKHKRLAMHMMMOMTMXMZNINPPAPEPHPKPRPTPYSASGSVTHTTTWUMUSVEVIWSYEZAZW",
    )
)
SATURDAY_FIRST = frozenset(re.findall("..", "AEAFBHDJDZEGIQIRJOKWLYOMQASDSY"))
MONTH_FIRST = frozenset({"US", "PH"})
HOME = {"en": "US", "hi": "IN", "ar": "EG", "ko": "KR", "ja": "JP", "he": "IL", "pt": "BR", "zh": "CN", "fa": "IR"}
"""Where a language without a region is at home, if its habits there are not 24 hours and Monday."""


@dataclass(frozen=True)
class Reader:
    time_zone: str
    region: str = ""

    @property
    def twelve_hours(self) -> bool:
        return self.region in TWELVE_HOURS

    @property
    def month_first(self) -> bool:
        return self.region in MONTH_FIRST

    @property
    def first_weekday(self) -> int:
        """0 is Monday, as in the calendar module."""
        return 6 if self.region in SUNDAY_FIRST else 5 if self.region in SATURDAY_FIRST else 0

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.time_zone))

    def clock(self, instant: datetime) -> str:
        return self.reading(self.local(instant).time())

    def reading(self, clock: time) -> str:
        """What a clock on the wall says."""
        return _clock(clock.replace(second=0, microsecond=0), self.twelve_hours, get_language())

    def day(self, day: date) -> str:
        return _day(day, self.month_first, get_language())

    def month_day(self, day: date) -> str:
        """Without the year; day and month stay on one line."""
        shape = pgettext("date", "l, F\u00a0j") if self.month_first else pgettext("date", "l, j\u00a0F")
        return _written(day, shape, get_language())

    def short_day(self, day: date) -> str:
        shape = pgettext("date", "D, M j") if self.month_first else pgettext("date", "D, j M")
        return _written(day, shape, get_language())

    def day_in_year(self, day: date) -> str:
        shape = pgettext("date", "M j, Y") if self.month_first else pgettext("date", "j M Y")
        return _written(day, shape, get_language())

    def weekday(self, day: date) -> tuple[str, str]:
        """Its name, and the name in short."""
        return _written(day, "l", get_language()), _written(day, "D", get_language())

    def when(self, start: datetime, end: datetime) -> str:
        """Thursday, 3 December 2026, 14:00 – 14:30."""
        first, last = self.local(start).date(), self.local(end).date()
        until = self.clock(end) if first == last else f"{self.short_day(last)}, {self.clock(end)}"
        words = pgettext("when", "%(day)s, %(start)s – %(end)s")
        return words % {"day": self.day(first), "start": self.clock(start), "end": until}

    def moment(self, instant: datetime) -> str:
        """Thursday, 3 December 2026, 14:00; with the offset where the clock shows this twice."""
        words = pgettext("when", "%(day)s, %(time)s")
        words %= {"day": self.day(self.local(instant).date()), "time": self.clock(instant)}
        offset = self.offset_if_twice(instant)
        return f"{words} ({offset})" if offset else words

    def near(self, instant: datetime, other: datetime) -> str:
        """14:00; with the day where it is not that of `other`."""
        day = self.local(instant).date()
        same = day == self.local(other).date()
        return self.clock(instant) if same else f"{self.short_day(day)}, {self.clock(instant)}"

    def offset(self, instant: datetime) -> str:
        return time_zones.offset(self.time_zone, instant)

    def offset_if_twice(self, instant: datetime) -> str:
        """Empty unless the clocks, turned back, show the reading of `instant` a second time."""
        local = self.local(instant)
        is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        return self.offset(instant) if is_twice else ""


def of(user: User) -> Reader:
    """Where no request tells the region: as at the home of the user's language."""
    return Reader(user.time_zone, _spoken_in(user.language))


def region(headers: Mapping[str, str]) -> str:
    """Where the visitor's first language is spoken, from Accept-Language; empty if it does not say."""
    for language, _ in parse_accept_lang_header(headers.get("Accept-Language", "").lower()[:500]):
        return _spoken_in(language)
    return ""


def _spoken_in(language: str) -> str:
    """The region of "en-gb", or the home of "en"."""
    name, *parts = language.lower().split("-")
    named = next((part.upper() for part in parts if len(part) == 2), "")
    return named or HOME.get(name, "")


# Page after page shows the same dates and clocks; `language` (the one that is active) keeps them apart.


@lru_cache(maxsize=8192)
def _clock(clock: time, twelve_hours: bool, language: str | None) -> str:
    return DateFormat(clock).format(pgettext("clock", "g:i A") if twelve_hours else pgettext("clock", "H:i"))


@lru_cache(maxsize=8192)
def _day(day: date, month_first: bool, language: str | None) -> str:
    return DateFormat(day).format(pgettext("date", "l, F j, Y") if month_first else pgettext("date", "l, j F Y"))


@lru_cache(maxsize=8192)
def _written(day: date, shape: str, language: str | None) -> str:
    return DateFormat(day).format(shape)

"""The lines of the hours editor: what was typed, what it means, and what is wrong with it.

Times are minutes of the day. A block that ends at 00:00 ends at midnight.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from scheduling.intervals import DAY, Span

MOST_BLOCKS = 24
MOST_DATES = 400
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::00)?", re.ASCII)


@dataclass
class Block:
    """From and to as typed."""

    start: str = ""
    end: str = ""
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.start or self.end)

    @property
    def span(self) -> Span | None:
        """None, with a `problem`, unless it is a stretch of one day."""
        start, end = minute(self.start), minute(self.end)
        if start is None or end is None:
            self.problem = _("Please give both times, such as 09:00 and 17:00.")
            return None
        end = end or DAY
        if start >= end:
            self.problem = _("The end must be later than the start.")
            return None
        return start, end


@dataclass
class Weekday:
    number: int
    blocks: list[Block] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(WEEKDAYS[self.number])

    @property
    def spans(self) -> list[Span]:
        return apart(self.blocks)


@dataclass
class Day(Block):
    """A date that differs from the week; without times it is closed."""

    typed_date: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.typed_date and self.is_empty

    @property
    def day(self) -> date | None:
        try:
            found = date.fromisoformat(self.typed_date)
        except ValueError:
            found = None
        if found is None or not 1990 <= found.year <= 2199:
            self.problem = _("Please give a date.")
            return None
        return found


def minute(text: str) -> int | None:
    found = _TIME.fullmatch(text.strip())
    return int(found[1]) * 60 + int(found[2]) if found else DAY if text.strip() == "24:00" else None


def clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60 % 24:02}:{minute % 60:02}"


def apart(blocks: Sequence[Block]) -> list[Span]:
    """The spans of the blocks that are filled in; one that meets another gets a problem."""
    kept: list[Span] = []
    for block in [block for block in blocks if not block.is_empty]:
        span = block.span
        if span and any(span[0] < end and start < span[1] for start, end in kept):
            block.problem = _("This overlaps another block of the same day.")
        elif span:
            kept.append(span)
    return sorted(kept)


def typed_week(data: QueryDict) -> list[Weekday]:
    return [Weekday(number, _typed(data, f"hours-{number}")) for number in range(7)]


def typed_days(data: QueryDict) -> list[Day]:
    columns = (data.getlist(f"date-{part}")[:MOST_DATES] for part in ("day", "start", "end"))
    rows = (Day(start, end, typed_date=day) for day, start, end in zip_longest(*columns, fillvalue=""))
    return [row for row in rows if not row.is_blank]


def week_of(hours: Iterable[tuple[int, int, int]]) -> list[Weekday]:
    """The editor's lines for (weekday, start, end) rows."""
    week = [Weekday(number) for number in range(7)]
    for number, start, end in sorted(hours):
        week[number].blocks.append(Block(clock(start), clock(end)))
    return week


def _typed(data: QueryDict, name: str) -> list[Block]:
    columns = (data.getlist(f"{name}-{part}")[:MOST_BLOCKS] for part in ("start", "end"))
    rows = (Block(start[:8], end[:8]) for start, end in zip_longest(*columns, fillvalue=""))
    return [row for row in rows if not row.is_empty]

"""A bookable page of another scheduling system, as its file describes it: already in our words and minutes."""

from dataclasses import dataclass
from datetime import date


class Unreadable(Exception):
    """Nothing can be taken from it; the message says why, in a sentence."""


@dataclass(frozen=True)
class Place:
    """kind: one of our own places, or empty: then `word` is how they call it.  detail: the number, address or link."""

    kind: str = ""
    word: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Entry:
    """None: the file does not say.

    durations: the usual first.  left_out: sentences about what has no counterpart here.  unknown: names of fields that
    we do not know.  problem: why it cannot be taken over at all.
    """

    name: str
    slug: str
    description: str
    durations: tuple[int, ...]
    was_on: bool
    buffer_before: int | None = None
    buffer_after: int | None = None
    minimum_notice: int | None = None
    increment: int | None = None
    window_days: int | None = None
    window: tuple[date, date] | None = None
    has_no_end: bool = False
    places: tuple[Place, ...] = ()
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Export:
    """system: whose file it is.  is_partial: the list goes on in another file."""

    system: str
    entries: list[Entry]
    is_partial: bool = False

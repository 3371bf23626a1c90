"""What a foreign page becomes by our rules: steps of five minutes, our limits, a word for each difference."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from scheduling import durations
from scheduling.elsewhere.types import Entry
from scheduling.models.scheduler import GRID
from scheduling.selection import FIRST, LAST

LONGEST = 12 * 60
MOST_DURATIONS = 12
MOST_DAYS = 730
LONGEST_NOTICE = 365 * 24 * 60
NAME, DESCRIPTION = 120, 2000


@dataclass(frozen=True)
class Rules:
    name: str
    settings: dict[str, Any]
    changes: tuple[str, ...]
    problem: str = ""


def of(entry: Entry) -> Rules:
    name = entry.name[:NAME].strip()
    lengths = sorted({_on_grid(length) for length in entry.durations if length <= LONGEST})[:MOST_DURATIONS]
    if not name:
        return Rules("", {}, (), _("It has no name."))
    if not lengths:
        return Rules(name, {}, (), _("It has no duration between 5 minutes and 12 hours."))
    settings = {"name": name, "description": entry.description[:DESCRIPTION], "durations": _usual_first(entry, lengths)}
    settings |= _times(entry) | _window(entry)
    return Rules(name, settings, tuple(_changes(entry, settings)))


def _usual_first(entry: Entry, lengths: list[int]) -> list[int]:
    """The one that is offered first stays so."""
    usual = _on_grid(entry.durations[0])
    return sorted(lengths, key=lambda length: length != usual)


def _on_grid(length: int) -> int:
    """Rather a little longer: nobody is cut short."""
    return max(GRID, -(-length // GRID) * GRID)


def _times(entry: Entry) -> dict[str, int]:
    """Those that the file names; the others stay as they are usual here."""
    found = {
        "buffer_before": None if entry.buffer_before is None else _up(entry.buffer_before, LONGEST),
        "buffer_after": None if entry.buffer_after is None else _up(entry.buffer_after, LONGEST),
        "increment": entry.increment and max(GRID, _up(entry.increment, LONGEST)),
        "minimum_notice": None if entry.minimum_notice is None else min(entry.minimum_notice, LONGEST_NOTICE),
    }
    return {name: value for name, value in found.items() if value is not None}


def _up(length: int, most: int) -> int:
    return min(most, -(-length // GRID) * GRID)


def _window(entry: Entry) -> dict[str, Any]:
    first, last = entry.window or (None, None)
    if first and last and FIRST <= first <= last <= LAST:
        return {"window_days": None, "window_first": first, "window_last": last}
    if entry.window_days:
        return {"window_days": min(entry.window_days, MOST_DAYS)}
    return {"window_days": None} if entry.has_no_end else {}


def _changes(entry: Entry, settings: dict[str, Any]) -> Iterable[str]:
    """In sentences."""
    for length in entry.durations:
        if length > LONGEST:
            yield _("%(length)s is left out: a meeting here is at most 12 hours.") % {
                "length": durations.in_words(length)
            }
        elif _on_grid(length) != length:
            yield _rounded(length, _on_grid(length))
    lengths = [
        (_("Buffer before"), entry.buffer_before, settings.get("buffer_before")),
        (_("Buffer after"), entry.buffer_after, settings.get("buffer_after")),
        (_("Start times every"), entry.increment, settings.get("increment")),
    ]
    for label, was, is_now in lengths:
        if was and is_now and was != is_now:
            yield f"{label}: {_rounded(was, is_now)}"
    if (entry.minimum_notice or 0) > LONGEST_NOTICE:
        yield _("The minimum notice becomes a year.")
    if (entry.window_days or 0) > MOST_DAYS:
        yield _("It can be booked two years ahead.")
    if len(entry.name) > NAME or len(entry.description) > DESCRIPTION:
        yield _("Its name or description is shortened.")


def _rounded(was: int, is_now: int) -> str:
    return _("%(was)s become %(now)s: Bridge works in steps of five minutes.") % {
        "was": durations.in_words(was),
        "now": durations.in_words(is_now),
    }

"""Arithmetic of half-open intervals [start, end) of whole minutes since the epoch, in UTC.

"Merged" spans are sorted, apart from each other (those that touch have become one), and never empty.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

Span = tuple[int, int]

DAY = 24 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def minute(instant: datetime) -> int:
    """The minute that `instant` (aware) falls in."""
    return (instant - EPOCH) // MINUTE


def next_minute(instant: datetime) -> int:
    """The first whole minute not before `instant` (aware)."""
    return -((EPOCH - instant) // MINUTE)


def instant(minute: int) -> datetime:
    return EPOCH + minute * MINUTE


def span(start: datetime, end: datetime) -> Span:
    """Every minute that [start, end) touches: the start is rounded down, the end up."""
    return minute(start), next_minute(end)


def merge(spans: Iterable[Span]) -> list[Span]:
    """Any spans, merged. Sorted input is quickest; empty and reversed spans count for nothing."""
    ordered = sorted(spans)
    if not ordered:
        return []
    merged: list[Span] = []
    start, end = ordered[0]
    for next_start, next_end in ordered:
        if next_start > end:
            if start < end:
                merged.append((start, end))
            start, end = next_start, next_end
        elif next_end > end:
            end = next_end
    if start < end:
        merged.append((start, end))
    return merged


def subtract(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    """What is left of `spans` outside `holes`; both merged."""
    left: list[Span] = []
    position = 0
    for start, end in spans:
        while position < len(holes) and holes[position][1] <= start:
            position += 1
        ahead = position
        while ahead < len(holes) and holes[ahead][0] < end:
            if start < holes[ahead][0]:
                left.append((start, holes[ahead][0]))
            start = holes[ahead][1]
            ahead += 1
        if start < end:
            left.append((start, end))
    return left


def intersect(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What lies in `spans` and in `others`; both merged."""
    common: list[Span] = []
    i = j = 0
    while i < len(spans) and j < len(others):
        start, end = max(spans[i][0], others[j][0]), min(spans[i][1], others[j][1])
        if start < end:
            common.append((start, end))
        if spans[i][1] < others[j][1]:
            i += 1
        else:
            j += 1
    return common

"""What is known of a calendar's events: a page of what changed is taken in, and whoever cares is told."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from integrations import event_rows
from integrations.models import Calendar, CalendarEvent
from integrations.signals import busy_changed, events_changed, own_bookings_asked
from integrations.types import Event, EventPage

AT_ONCE = 500
"""Events in a transaction, ids in a query."""

T = TypeVar("T")
Times = set[tuple[datetime, datetime]]


def parts(page: EventPage) -> Iterator[EventPage]:
    """The same in pieces that fit into a short transaction; what replaces a series is known before that goes."""
    length = max(len(page.events), len(page.removed), 1)
    for first in range(0, length, AT_ONCE):
        piece = slice(first, first + AT_ONCE)
        is_last = first + AT_ONCE >= length
        series, token = (page.series, page.sync_token) if is_last else ((), "")
        yield EventPage(page.events[piece], page.removed[piece], series, token)


def keep(calendar: Calendar, page: EventPage, *, began: datetime) -> None:
    """Take in what one part says, in the caller's transaction. `began`: what was seen since belongs to this look."""
    gone = {event_rows.key(external_id) for external_id in page.removed}
    gone |= {event_rows.key(event.external_id) for event in page.events if event.is_cancelled}
    series = {event_rows.key(series_id) for series_id in page.series}
    standing = [event for event in page.events if not event.is_cancelled]
    rows = event_rows.of(calendar, standing, own=own(calendar, standing))
    before = _closing(calendar, {row.external_id for row in rows} | gone | series)
    _remove(calendar, gone)
    _save(rows)
    _remove(calendar, series, unseen_since=began)
    if before != _closing(calendar, {row.external_id for row in rows} | gone | series):
        tell_busy(calendar)
    _tell(calendar, {row.external_id for row in rows} | series, gone)


def forget_unseen(calendar: Calendar, *, began: datetime) -> None:
    """After everything was looked at: what was not seen is gone. What the window left behind is only forgotten."""
    unseen = CalendarEvent.objects.filter(calendar=calendar, seen_at__lt=began)
    if unseen.filter(blocks=True).exists():
        tell_busy(calendar)
    vanished = unseen if calendar.window_start is None else unseen.filter(end__gt=calendar.window_start)
    for ids in _chunks(list(vanished.values_list("external_id", "series_id"))):
        _tell(calendar, (), {external_id for pair in ids for external_id in pair if external_id})
    unseen.delete()


def tell_busy(calendar: Calendar) -> None:
    busy_changed.send(sender=Calendar, users=[calendar.membership.user_id])


def own(calendar: Calendar, events: Iterable[Event]) -> set[str]:
    """Those of their references and UIDs that stand for bookings of the calendar's owner."""
    markers = {marker for event in events for marker in (event.reference, event.uid) if marker}
    if not markers:
        return set()
    answers = own_bookings_asked.send(sender=Calendar, host=calendar.membership.user_id, markers=markers)
    return {marker for _receiver, known in answers for marker in known or ()}


def _save(rows: list[CalendarEvent]) -> None:
    CalendarEvent.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["calendar", "external_id"], update_fields=event_rows.CHANGING
    )


def _remove(calendar: Calendar, ids: Collection[str], *, unseen_since: datetime | None = None) -> None:
    for some in _chunks(list(ids)):
        found = _named(calendar, some)
        (found.filter(seen_at__lt=unseen_since) if unseen_since else found).delete()


def _closing(calendar: Calendar, ids: Collection[str]) -> Times:
    """The times that these events, and instances of these series, close as they are known."""
    times: Times = set()
    for some in _chunks(list(ids)):
        times.update(_named(calendar, some).filter(blocks=True).values_list("start", "end"))
    return times


def _named(calendar: Calendar, ids: Collection[str]) -> QuerySet[CalendarEvent]:
    return CalendarEvent.objects.filter(Q(external_id__in=ids) | Q(series_id__in=ids), calendar=calendar)


def _tell(calendar: Calendar, changed: Collection[str], removed: Collection[str]) -> None:
    if changed or removed:
        news = {"calendar": calendar, "changed": set(changed), "removed": set(removed)}
        transaction.on_commit(lambda: events_changed.send_robust(sender=Calendar, **news))


def _chunks(items: list[T]) -> Iterator[list[T]]:
    for first in range(0, len(items), AT_ONCE):
        yield items[first : first + AT_ONCE]

"""The last look: what stands in people's calendars right now. All are asked together, and the waiting has an end."""

import logging
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread

from django.db import DatabaseError, connections, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from integrations import busy, calendars, event_rows, event_store
from integrations.exceptions import ProviderError
from integrations.models import Calendar
from integrations.types import Event, EventPage

logger = logging.getLogger(__name__)

BUDGET = timedelta(seconds=3)
AT_ONCE = 32
"""Calendars that this process asks at a time; those that hang do not pile up."""

_room = BoundedSemaphore(AT_ONCE)
Answers = SimpleQueue[tuple[Calendar, list[Event] | None]]


@dataclass(frozen=True)
class Found:
    """taken: something stands there that closes times.  silent: calendars that gave no answer in time."""

    taken: bool
    silent: tuple[Calendar, ...] = ()


def counted(users: Collection[int]) -> QuerySet[Calendar]:
    """The calendars whose events close times of these people."""
    related = "connection__grant", "connection__organization", "connection__membership__user", "membership__user"
    return Calendar.objects.filter(*busy.WANTED, is_busy=True, membership__user__in=users).select_related(*related)


def look(asked: Collection[Calendar], start: datetime, end: datetime, *, budget: timedelta = BUDGET) -> Found:
    """Over as soon as something is found. What is found is kept. Never inside a transaction, and it never raises."""
    answers: Answers = SimpleQueue()
    silent = {calendar.pk: calendar for calendar in asked}
    for calendar in asked:
        _ask(calendar, start, end, answers)
    for calendar, events in _in_time(answers, len(silent), budget):
        if events is None:
            continue
        del silent[calendar.pk]
        if _is_taken(calendar, events, start, end):
            return Found(taken=True)
    return Found(taken=False, silent=tuple(silent.values()))


def _ask(calendar: Calendar, start: datetime, end: datetime, answers: Answers) -> None:
    if _room.acquire(blocking=False):
        Thread(target=_answer, args=(calendar, start, end, answers), daemon=True).start()
    else:
        answers.put((calendar, None))


def _answer(calendar: Calendar, start: datetime, end: datetime, answers: Answers) -> None:
    try:
        events = calendars.events(calendar, start, end)
    except ProviderError as error:
        logger.info("The last look into calendar %s failed: %s", calendar.pk, type(error).__name__)
        events = None
    except Exception:
        logger.exception("The last look into calendar %s failed", calendar.pk)
        events = None
    finally:
        connections.close_all()
        _room.release()
    answers.put((calendar, events))


def _in_time(answers: Answers, number: int, budget: timedelta) -> Iterator[tuple[Calendar, list[Event] | None]]:
    deadline = time.monotonic() + budget.total_seconds()
    for _ in range(number):
        try:
            yield answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            return


def _is_taken(calendar: Calendar, events: list[Event], start: datetime, end: datetime) -> bool:
    rows = event_rows.of(calendar, events, own=event_store.own(calendar, events))
    if not any(row.blocks and row.start < end and row.end > start for row in rows):
        return False
    _keep(calendar, events)
    return True


def _keep(calendar: Calendar, events: list[Event]) -> None:
    """So that nobody is offered that time again. The next regular look would find it too."""
    try:
        with transaction.atomic():
            event_store.keep(calendar, EventPage(tuple(events)), began=now())
    except DatabaseError:
        logger.exception("What the last look found in calendar %s was not kept", calendar.pk)

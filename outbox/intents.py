"""Does: takes an intent under a lease, calls the function registered for its kind, records the outcome."""

import logging
import random
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils.timezone import now

from outbox.models import Intent

logger = logging.getLogger(__name__)

Handler = Callable[[int], None]

PATIENCE = timedelta(seconds=60)
"""How long a bell may wait in the broker's queue before it is rung again."""

LONGEST = timedelta(minutes=10)
"""How long a slow one may take."""

_handlers: dict[str, Handler] = {}
_slow: set[str] = set()
_queues: dict[str, str] = {}


class Later(Exception):
    """Not now: try again after `after` (None: ever more slowly). `error` is a sentence for people."""

    def __init__(self, error: str, *, after: timedelta | None = None) -> None:
        super().__init__(error)
        self.after = after


class Stop(Exception):
    """Trying again will not help; the intent rests with this sentence until it is wanted again."""


class Slow(Exception):
    """It may take minutes, and belongs into a task that is not cut off before."""


def settles(kind: str, *, slow: bool = False, queue: str = "") -> Callable[[Handler], Handler]:
    """Register the function that brings about the effect `kind`; it gets the subject's id and may run twice.

    slow: it may take minutes, longer than our lease, and holds a lease of its own.
    queue: one with workers of its own, whose waiting keeps nobody else from his work.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        _queues[kind] = queue
        if slow:
            _slow.add(kind)
        return handler

    return register


def settle(intent_id: int, *, in_haste: bool = False) -> bool:
    """Settle one intent if it is due. True: this call did the work, whatever came of it.

    in_haste: there is no time for slow ones; raises Slow.
    """
    intent = Intent.objects.filter(pk=intent_id).first()
    if intent is not None and intent.kind in _slow and in_haste:
        raise Slow
    if intent is None or not intent.claim(lease=settings.OUTBOX_LEASE):
        return False
    intent.record(**_outcome(intent))
    return True


def queue_of(kind: str) -> str:
    """Where its bell is rung; empty for the queue of everybody."""
    return _queues.get(kind, "")


def due(intent_id: int) -> Intent | None:
    return Intent.objects.due(now()).filter(pk=intent_id).first()


def unheard(limit: int = 500) -> list[Intent]:
    """What is due and waits in vain, oldest first; noted as rung for, so that bells do not pile up."""
    moment = now()
    found = list(Intent.objects.unheard(moment, after=PATIENCE).order_by("due_at", "pk")[:limit])
    Intent.objects.filter(pk__in=[intent.pk for intent in found]).update(rung_at=moment)
    return found


def forget_bells() -> None:
    """The queue they were rung into is gone."""
    Intent.objects.exclude(rung_at=None).update(rung_at=None)


def drain() -> int:
    """Settle everything that is due, and what becomes due by it; the number of attempts made."""
    made = 0
    while due := list(Intent.objects.due(now()).order_by("due_at", "pk").values_list("pk", flat=True)):
        made += sum(settle(intent_id) for intent_id in due)
    return made


def backoff(tries: int) -> timedelta:
    """5 s, 20 s, 80 s, … up to an hour, each a little uneven so that many do not come back at once."""
    seconds = min(3600.0, 5.0 * 4 ** min(tries - 1, 6))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 (spreading, not secrecy)


def _outcome(intent: Intent) -> dict[str, object]:
    """What the handler's end means for the row, as fields to update."""
    try:
        _handlers[intent.kind](intent.subject)
    except Stop as stop:
        return {"stopped": True, "last_error": str(stop)}
    except Later as later:
        return {"due_at": now() + (later.after or backoff(intent.tries)), "last_error": str(later)}
    except Exception as error:  # a bug must not lose the effect either
        logger.exception("Settling %s failed", intent)
        return {"due_at": now() + backoff(intent.tries), "last_error": type(error).__name__}
    return {"settled": intent.wanted, "last_error": ""}

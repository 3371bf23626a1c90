"""Asks: owe one effect to the outside world, in the caller's transaction."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from outbox import tasks
from outbox.models import Intent

logger = logging.getLogger(__name__)

# After a bell that did not ring we save the next callers the wait; the sweep finds the row meanwhile.
_PAUSE = 10.0
_silent_until = 0.0


@transaction.atomic
def want(kind: str, subject: int, *, after: timedelta = timedelta(0)) -> Intent:
    """Owe the effect `kind` for the row with the id `subject`, due after `after`.

    Wanted again, the same row is brought forward, and runs once more if a worker has it just now.
    """
    due_at = now() + after
    intent, new = Intent.objects.select_for_update().get_or_create(
        kind=kind, subject=subject, defaults={"due_at": due_at}
    )
    if not new:
        sooner = min(due_at, intent.due_at) if intent.settled < intent.wanted and not intent.stopped else due_at
        Intent.objects.filter(pk=intent.pk).update(wanted=F("wanted") + 1, due_at=sooner, tries=0, stopped=False)
    if not after:
        transaction.on_commit(lambda: ring(intent))
    return intent


def ring(intent: Intent) -> None:
    """Tell a worker; nothing is lost if nobody hears it."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        tasks.ring(intent)
    except Exception as error:  # whatever the broker's client raises, the row is safe
        _silent_until = time.monotonic() + _PAUSE
        logger.warning("The bell for intent %s did not ring: %s", intent.pk, type(error).__name__)

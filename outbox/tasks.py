"""The bell: settle one intent, sweep what is due."""

from celery import shared_task

from outbox import intents
from outbox.models import Intent


def ring(intent: Intent) -> None:
    """For whoever listens to its queue."""
    if queue := intents.queue_of(intent.kind):
        settle.apply_async((intent.pk,), queue=queue)
    else:
        settle.delay(intent.pk)


@shared_task
def settle(intent_id: int) -> None:
    try:
        worked = intents.settle(intent_id, in_haste=True)
    except intents.Slow:
        settle_slowly.delay(intent_id)
        return
    if worked and (again := intents.due(intent_id)):
        ring(again)  # wanted again while we were busy, or there is more of it


@shared_task(soft_time_limit=intents.LONGEST.seconds, time_limit=intents.LONGEST.seconds + 30)
def settle_slowly(intent_id: int) -> None:
    if intents.settle(intent_id) and intents.due(intent_id):
        settle_slowly.delay(intent_id)


@shared_task
def sweep() -> None:
    for intent in intents.unheard():
        ring(intent)

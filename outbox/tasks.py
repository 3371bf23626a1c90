"""The bell: settle one intent, sweep what is due."""

from celery import shared_task

from outbox import intents


@shared_task
def settle(intent_id: int) -> None:
    try:
        worked = intents.settle(intent_id, in_haste=True)
    except intents.Slow:
        settle_slowly.delay(intent_id)
        return
    if worked and intents.is_due(intent_id):
        settle.delay(intent_id)  # wanted again while we were busy


@shared_task(soft_time_limit=intents.LONGEST.seconds, time_limit=intents.LONGEST.seconds + 30)
def settle_slowly(intent_id: int) -> None:
    if intents.settle(intent_id) and intents.is_due(intent_id):
        settle_slowly.delay(intent_id)


@shared_task
def sweep() -> None:
    for intent_id in intents.unheard():
        settle.delay(intent_id)

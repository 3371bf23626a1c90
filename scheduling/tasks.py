"""The timetable: compare with the providers."""

from celery import shared_task

from outbox import outbox
from scheduling import reconciliation


@shared_task
def reconcile() -> None:
    for connection in reconciliation.connections():
        outbox.want("comparison", connection.pk)

"""The timetable: compare with the providers, forget calls that are over."""

from celery import shared_task

from outbox import outbox
from scheduling import calls, deliveries, outside_meetings, reconciliation
from scheduling.api import idempotency, quotas


@shared_task
def reconcile() -> None:
    for connection in reconciliation.connections():
        outbox.want("comparison", connection.pk)
    outside_meetings.want_all()


@shared_task
def forget_calls() -> None:
    calls.forget()


@shared_task
def forget_messages() -> None:
    deliveries.forget()


@shared_task
def forget_requests() -> None:
    idempotency.forget()
    quotas.forget()

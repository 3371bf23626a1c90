"""The timetable: compare with the providers, forget calls that are over."""

from celery import shared_task

from outbox import outbox
from scheduling import calls, outside_meetings, reconciliation


@shared_task
def reconcile() -> None:
    for connection in reconciliation.connections():
        outbox.want("comparison", connection.pk)
    outside_meetings.want_all()


@shared_task
def forget_calls() -> None:
    calls.forget()

"""The timetable: compare with the providers."""

from celery import shared_task

from integrations.models import Connection
from scheduling import reconciliation


@shared_task
def reconcile() -> None:
    for connection in reconciliation.connections():
        compare.delay(connection.pk)


@shared_task
def compare(connection_id: int) -> None:
    connection = Connection.objects.select_related("grant").filter(pk=connection_id).first()
    if connection is not None and connection.is_usable:
        reconciliation.compare(connection)

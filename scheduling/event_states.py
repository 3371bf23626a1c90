"""How the meeting of an application's event is: written only if the row is still the one that was asked about, and told
once.
"""

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from scheduling import announcements
from scheduling.models import ApplicationEvent, ConferencingState, EventType
from scheduling.shapes import events as shapes

RELATED = "host", "organization", "connection__grant", "connection__organization"


def need(event: ApplicationEvent, state: ConferencingState, error: str, detail: str = "") -> None:
    """Told once."""
    if (event.state, event.error) != (state, error):
        tell(event, EventType.MEETING_FAILED, state=state, error=error, error_detail=detail)


@transaction.atomic
def tell(event: ApplicationEvent, kind: EventType, **changes: object) -> None:
    """Not if it was changed meanwhile: what holds then is told by whoever brings that about."""
    if write(event, only=Q(sequence=event.sequence), changed_at=now(), **changes):
        announce(event.pk, kind)


def write(event: ApplicationEvent, *, only: Q | None = None, **changes: object) -> bool:
    """Unless the event has another meeting now, or another worker has made or lost this one meanwhile."""
    mine = ApplicationEvent.objects.filter(
        only or Q(), pk=event.pk, meeting_key=event.meeting_key, external_id=event.external_id
    )
    for name, value in changes.items():
        setattr(event, name, value)
    return bool(mine.update(**changes))


def announce(event_id: int, kind: EventType) -> None:
    """To the application that made the event, and nobody else; a script with a key hears nothing."""
    event = ApplicationEvent.objects.select_related(*RELATED).get(pk=event_id)
    if event.application_id:
        announcements.announce(
            kind,
            lambda: shapes.shape_of(event),
            host_id=event.host_id,
            organization_id=event.organization_id,
            application_id=event.application_id,
        )

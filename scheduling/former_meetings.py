"""Does: removes meetings that an event has no more, at whichever account they were made.

It may run twice, late, or after a crash; no call is made inside a transaction.
"""

from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.timezone import now

from accounts.models import User
from integrations import conferencing, retries
from integrations.exceptions import AuthorizationLost, RequestRejected
from integrations.models import Connection
from outbox import intents, outbox
from scheduling import application_meetings, cut_off, event_states, event_words, hosting, making
from scheduling.models import ApplicationEvent, ConferencingState, EventStatus, EventType, FormerMeeting

KIND = "former_meeting"


@intents.settles(KIND)
def settle(former_id: int) -> None:
    related = "event__host", "event__organization", "connection__grant"
    former = FormerMeeting.objects.select_related(*related).filter(pk=former_id).first()
    if former is None:
        return
    with translation.override(former.event.host.language):
        _settle(former)


def cut(connection: Connection, *, host: User | None = None) -> None:
    """The account is gone, for all or for `host`: what was to be removed there stays."""
    for former in _at(connection, host):
        with translation.override(former.event.host.language):
            _stays(former)


def wake(connection: Connection, *, host: User | None = None) -> None:
    for former in _at(connection, host):
        outbox.want(KIND, former.pk)


def _at(connection: Connection, host: User | None) -> QuerySet[FormerMeeting]:
    found = FormerMeeting.objects.filter(connection=connection.pk).select_related("event__host", "connection__grant")
    return found.filter(event__host=host) if host else found


def _settle(former: FormerMeeting) -> None:
    with retries.left_to_the_outbox():
        try:
            _remove(former)
        except (AuthorizationLost, RequestRejected):
            _stays(former)
            raise


def _remove(former: FormerMeeting) -> None:
    connection = former.connection
    if not connection.is_usable or not hosting.serves(connection, former.event.host):
        raise AuthorizationLost(cut_off.cause(connection.grant.provider))
    external_id = former.external_id or _left_behind(former)
    if external_id:
        conferencing.delete_meeting(connection, external_id)
    _gone(former, was_there=bool(external_id))


def _left_behind(former: FormerMeeting) -> str:
    """As long as a worker may hold the attempt, its meeting may still come."""
    found = making.left_behind(
        former.connection,
        replace(application_meetings.request(former.event), marker=former.marker),
        host=former.event.host,
        attempted_at=former.attempted_at or now(),
        patience=settings.OUTBOX_LEASE,
    )
    return found.external_id if found else ""


@transaction.atomic
def _gone(former: FormerMeeting, *, was_there: bool) -> None:
    gone, _rows = FormerMeeting.objects.filter(pk=former.pk).delete()
    if not gone:
        return
    cancelled = ApplicationEvent.objects.filter(pk=former.event_id, state=ConferencingState.DETACHED)
    cancelled.filter(status=EventStatus.CANCELLED).update(state=ConferencingState.REMOVED, error="")
    if was_there:
        event_states.announce(former.event_id, EventType.MEETING_DELETED)


@transaction.atomic
def _stays(former: FormerMeeting) -> None:
    """Who has deleted the event wants to know that its meeting is still there."""
    removed = ApplicationEvent.objects.filter(pk=former.event_id, status=EventStatus.CANCELLED)
    error = event_words.not_removed(former.connection.grant.provider)
    if removed.filter(state=ConferencingState.REMOVED).update(state=ConferencingState.DETACHED, error=error):
        event_states.announce(former.event_id, EventType.MEETING_FAILED)

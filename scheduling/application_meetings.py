"""Does: brings the meeting of an application's event to what the event says now: makes it, or moves it.

It may run twice, late, or after a crash at any point. What may have happened is looked for before it is repeated, no
call is made inside a transaction, and an answer is written only if the row is still the one that was asked about.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.timezone import now

from integrations import conferencing, retries
from integrations.exceptions import AuthorizationLost, ProviderError, ProviderUnavailable, RateLimited, RequestRejected
from integrations.models import Connection
from integrations.types import CreatedMeeting, MeetingRequest
from outbox import intents
from scheduling import cut_off, event_states, event_words, hosting, making, places, texts
from scheduling.models import ApplicationEvent, ConferencingState, EventType

KIND = "application_meeting"
GONE: dict[str, Any] = {
    "external_id": "",
    "join_url": "",
    "passcode": "",
    "attempted_at": None,
    "settled_sequence": -1,
}


@intents.settles(KIND)
def settle(event_id: int) -> None:
    event = ApplicationEvent.objects.select_related(*event_states.RELATED).filter(pk=event_id).first()
    if event is None or is_in_step(event):
        return
    with translation.override(event.host.language):
        _settle(event)


def is_in_step(event: ApplicationEvent) -> bool:
    if event.is_cancelled or event.place in ("", places.BUILTIN):
        return True
    return event.state == ConferencingState.READY and event.settled_sequence >= event.sequence


def request(event: ApplicationEvent) -> MeetingRequest:
    return MeetingRequest(
        topic=texts.line(event.title),
        start=event.start,
        duration=event.duration,
        time_zone=event.time_zone,
        marker=event.marker,
        agenda=texts.lines(event.description),
    )


def _settle(event: ApplicationEvent) -> None:
    """Every failure becomes a sentence on the event, and what the outbox does next."""
    with retries.left_to_the_outbox():
        try:
            _bring(event)
        except AuthorizationLost as lost:
            state = ConferencingState.DETACHED if event.external_id else ConferencingState.FAILED
            event_states.need(event, state, event_words.consequence(event, lost.sentence), lost.detail)
            raise intents.Stop(event.error) from lost
        except RequestRejected as rejected:
            event_states.need(event, ConferencingState.FAILED, rejected.sentence, rejected.detail)
            raise
        except (RateLimited, ProviderUnavailable) as error:
            _note(event, error)
            raise


def _bring(event: ApplicationEvent) -> None:
    if event.end <= now():
        _give_up(event)
    elif event.external_id:
        _move(event, _account(event))
    else:
        _make(event, _account(event))


def _give_up(event: ApplicationEvent) -> None:
    """Too late to matter. A link that there is stays the link."""
    if event.external_id:
        event_states.write(event, state=ConferencingState.READY, error=event_words.over())
    else:
        event_states.need(event, ConferencingState.FAILED, event_words.over())
    raise intents.Stop(event_words.over())


def _account(event: ApplicationEvent) -> Connection:
    """The person's account that holds it. One not made yet may use an account connected since."""
    if event.connection is None and not event.external_id:
        found = places.at(event.place, host=event.host, organization_id=event.organization_id)
        event_states.write(event, connection=found.connection)
        if found.problem:
            raise AuthorizationLost(found.problem)
    connection = event.connection
    if connection is None or not connection.is_usable or not hosting.serves(connection, event.host):
        raise AuthorizationLost(cut_off.cause(event.place))
    return connection


def _make(event: ApplicationEvent, connection: Connection) -> None:
    created = making.make(
        connection,
        request(event),
        host=event.host,
        attempted_at=event.attempted_at,
        note=lambda moment: _asked(event, moment),
    )
    if not _shown(event, created):
        _discard(event, connection, created)


def _asked(event: ApplicationEvent, moment: datetime | None) -> None:
    """Whoever comes after us knows that we asked, even if we do not live to see the answer."""
    if not event_states.write(event, attempted_at=moment) and moment:
        raise intents.Later(event_words.changed())


def _move(event: ApplicationEvent, connection: Connection) -> None:
    try:
        shown = conferencing.update_meeting(connection, event.external_id, request(event))
    except RequestRejected as rejected:
        if not rejected.missing:
            raise
        if _forget(event):
            _make(event, connection)
    else:
        _shown(event, shown)


def _forget(event: ApplicationEvent) -> bool:
    """The provider has lost it."""
    return event_states.write(event, state=ConferencingState.PENDING, **GONE)


def _discard(event: ApplicationEvent, connection: Connection, created: CreatedMeeting) -> None:
    """The event has gone, or is held elsewhere now. Not if another worker has adopted the very same meeting."""
    if not ApplicationEvent.objects.filter(pk=event.pk, external_id=created.external_id).exists():
        conferencing.delete_meeting(connection, created.external_id)


@transaction.atomic
def _shown(event: ApplicationEvent, shown: CreatedMeeting) -> bool:
    """The provider shows the event as we read it. False: the row is not the one we asked about any more."""
    kept = event_states.write(
        event,
        external_id=shown.external_id,
        join_url=shown.join_url,
        passcode=shown.passcode,
        settled_sequence=event.sequence,
        settled_at=now(),
    )
    if kept:
        event_states.tell(event, EventType.MEETING_READY, state=ConferencingState.READY, error="", error_detail="")
    return kept


def _note(event: ApplicationEvent, error: ProviderError) -> None:
    event_states.write(event, error=error.sentence, error_detail=error.detail)

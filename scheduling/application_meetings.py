"""Does: brings the meeting of an application's event to what the event says now; removes those that no event has.

It may run twice, late, or after a crash at any point. What may have happened is looked for before it is repeated, no
call is made inside a transaction, and an answer is written only if the row is still the one that was asked about.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.timezone import now

from accounts.models import User
from integrations import conferencing
from integrations.exceptions import AuthorizationLost, ProviderError, ProviderUnavailable, RateLimited, RequestRejected
from integrations.models import Connection
from integrations.types import CreatedMeeting, MeetingRequest
from outbox import intents, outbox
from scheduling import announcements, cut_off, event_words, hosting, making, places, texts
from scheduling.models import ApplicationEvent, ConferencingState, EventStatus, EventType, FormerMeeting
from scheduling.shapes import events as shapes

KIND, FORMER = "application_meeting", "former_meeting"
_RELATED = "host", "organization", "connection__grant", "connection__organization"


@intents.settles(KIND)
def settle(event_id: int) -> None:
    event = ApplicationEvent.objects.select_related(*_RELATED).filter(pk=event_id).first()
    if event is None or _is_in_step(event):
        return
    with translation.override(event.host.language):
        _settle(event)


@intents.settles(FORMER)
def settle_former(former_id: int) -> None:
    related = "event__host", "event__organization", "connection__grant"
    former = FormerMeeting.objects.select_related(*related).filter(pk=former_id).first()
    if former is None:
        return
    with translation.override(former.event.host.language):
        _settle_former(former)


def cut(connection: Connection, *, host: User | None = None) -> None:
    """The account is gone, for all or for `host`. Coming meetings keep their links, no others are made."""
    held = _coming(host).filter(connection=connection.pk).filter(~Q(external_id="") | Q(attempted_at=None))
    for event in held:
        with translation.override(event.host.language):
            _cut(event)
    for former in _formers(connection, host):
        with translation.override(former.event.host.language):
            _stays(former)


def wake(connection: Connection, *, host: User | None = None) -> None:
    """The account works (again): what waited for it goes on; of `host`'s alone, where only he can use it again."""
    for event in _waiting_for(connection, host):
        if event.external_id and event.settled_sequence >= event.sequence:
            _tell(event, EventType.MEETING_READY, state=ConferencingState.READY, error="", error_detail="")
        else:
            outbox.want(KIND, event.pk)
    for former in _formers(connection, host):
        outbox.want(FORMER, former.pk)


def using(connection: Connection, host: User | None = None) -> QuerySet[ApplicationEvent]:
    """Coming events whose meetings it holds, or would hold."""
    return _coming(host).filter(connection=connection.pk).select_related("application")


def _coming(host: User | None) -> QuerySet[ApplicationEvent]:
    found = ApplicationEvent.objects.filter(end__gt=now(), status=EventStatus.CONFIRMED).exclude(place="")
    return (found.filter(host=host) if host else found).select_related(*_RELATED)


def _formers(connection: Connection, host: User | None) -> QuerySet[FormerMeeting]:
    found = FormerMeeting.objects.filter(connection=connection.pk).select_related("event__host", "connection__grant")
    return found.filter(event__host=host) if host else found


def _waiting_for(connection: Connection, host: User | None) -> QuerySet[ApplicationEvent]:
    """Its own, and those that nobody has made yet."""
    mine = {"organization": connection.organization_id}
    if connection.membership is not None:
        mine["host"] = connection.membership.user_id
    unmade = Q(connection=None, external_id="", place=connection.grant.provider, **mine)
    waiting = _coming(host).filter(Q(connection=connection.pk) | unmade)
    return waiting.filter(state__in=[ConferencingState.FAILED, ConferencingState.DETACHED, ConferencingState.PENDING])


def _cut(event: ApplicationEvent) -> None:
    state = ConferencingState.DETACHED if event.external_id else ConferencingState.FAILED
    _need(event, state, event_words.consequence(event, cut_off.cause(event.place)))


def _is_in_step(event: ApplicationEvent) -> bool:
    if event.is_cancelled or event.place in ("", places.BUILTIN):
        return True
    return event.state == ConferencingState.READY and event.settled_sequence >= event.sequence


def _settle(event: ApplicationEvent) -> None:
    """Every failure becomes a sentence on the event, and what the outbox does next."""
    try:
        _bring(event)
    except AuthorizationLost as lost:
        state = ConferencingState.DETACHED if event.external_id else ConferencingState.FAILED
        _need(event, state, event_words.consequence(event, lost.sentence), lost.detail)
        raise intents.Stop(event.error) from lost
    except RequestRejected as rejected:
        _need(event, ConferencingState.FAILED, rejected.sentence, rejected.detail)
        raise intents.Stop(rejected.sentence) from rejected
    except RateLimited as limited:
        _note(event, limited)
        raise intents.Later(limited.sentence, after=limited.retry_after) from limited
    except ProviderUnavailable as unavailable:
        _note(event, unavailable)
        raise intents.Later(unavailable.sentence) from unavailable


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
        _write(event, state=ConferencingState.READY, error=event_words.over())
    else:
        _need(event, ConferencingState.FAILED, event_words.over())
    raise intents.Stop(event_words.over())


def _account(event: ApplicationEvent) -> Connection:
    """The person's account that holds it. One not made yet may use an account connected since."""
    if event.connection is None and not event.external_id:
        found = places.at(event.place, host=event.host, organization_id=event.organization_id)
        _write(event, connection=found.connection)
        if found.problem:
            raise AuthorizationLost(found.problem)
    connection = event.connection
    if connection is None or not connection.is_usable or not hosting.serves(connection, event.host):
        raise AuthorizationLost(cut_off.cause(event.place))
    return connection


def _make(event: ApplicationEvent, connection: Connection) -> None:
    created = making.make(
        connection,
        _request(event),
        host=event.host,
        attempted_at=event.attempted_at,
        note=lambda moment: _asked(event, moment),
    )
    if not _shown(event, created):
        _discard(event, connection, created)


def _asked(event: ApplicationEvent, moment: datetime | None) -> None:
    """Whoever comes after us knows that we asked, even if we do not live to see the answer."""
    if not _write(event, attempted_at=moment) and moment:
        raise intents.Later(event_words.changed())


def _move(event: ApplicationEvent, connection: Connection) -> None:
    try:
        shown = conferencing.update_meeting(connection, event.external_id, _request(event))
    except RequestRejected as rejected:
        if not rejected.missing:
            raise
        if _forget(event):
            _make(event, connection)
    else:
        _shown(event, shown)


def _forget(event: ApplicationEvent) -> bool:
    """The provider has lost it."""
    gone: dict[str, Any] = {"external_id": "", "join_url": "", "passcode": "", "attempted_at": None}
    return _write(event, state=ConferencingState.PENDING, settled_sequence=-1, **gone)


def _discard(event: ApplicationEvent, connection: Connection, created: CreatedMeeting) -> None:
    """The event has gone, or is held elsewhere now. Not if another worker has adopted the very same meeting."""
    if not ApplicationEvent.objects.filter(pk=event.pk, external_id=created.external_id).exists():
        conferencing.delete_meeting(connection, created.external_id)


@transaction.atomic
def _shown(event: ApplicationEvent, shown: CreatedMeeting) -> bool:
    """The provider shows the event as we read it. False: the row is not the one we asked about any more."""
    kept = _write(
        event,
        external_id=shown.external_id,
        join_url=shown.join_url,
        passcode=shown.passcode,
        settled_sequence=event.sequence,
        settled_at=now(),
    )
    if kept:
        _tell(event, EventType.MEETING_READY, state=ConferencingState.READY, error="", error_detail="")
    return kept


def _need(event: ApplicationEvent, state: ConferencingState, error: str, detail: str = "") -> None:
    """Told once."""
    if (event.state, event.error) != (state, error):
        _tell(event, EventType.MEETING_FAILED, state=state, error=error, error_detail=detail)


@transaction.atomic
def _tell(event: ApplicationEvent, kind: EventType, **changes: object) -> None:
    """Not if it was changed meanwhile: what holds then is told by whoever brings that about."""
    if _write(event, only=Q(sequence=event.sequence), changed_at=now(), **changes):
        _announce(event.pk, kind)


def _note(event: ApplicationEvent, error: ProviderError) -> None:
    _write(event, error=error.sentence, error_detail=error.detail)


def _write(event: ApplicationEvent, *, only: Q | None = None, **changes: object) -> bool:
    """Unless the event has another meeting now, or another worker has made or lost this one meanwhile."""
    mine = ApplicationEvent.objects.filter(
        only or Q(), pk=event.pk, meeting_key=event.meeting_key, external_id=event.external_id
    )
    for name, value in changes.items():
        setattr(event, name, value)
    return bool(mine.update(**changes))


def _request(event: ApplicationEvent) -> MeetingRequest:
    return MeetingRequest(
        topic=texts.line(event.title),
        start=event.start,
        duration=event.duration,
        time_zone=event.time_zone,
        marker=event.marker,
        agenda=texts.lines(event.description),
    )


def _settle_former(former: FormerMeeting) -> None:
    try:
        _remove(former)
    except (AuthorizationLost, RequestRejected) as refused:
        _stays(former)
        raise intents.Stop(refused.sentence) from refused
    except RateLimited as limited:
        raise intents.Later(limited.sentence, after=limited.retry_after) from limited
    except ProviderUnavailable as unavailable:
        raise intents.Later(unavailable.sentence) from unavailable


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
        replace(_request(former.event), marker=former.marker),
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
        _announce(former.event_id, EventType.MEETING_DELETED)


@transaction.atomic
def _stays(former: FormerMeeting) -> None:
    """Who has deleted the event wants to know that its meeting is still there."""
    removed = ApplicationEvent.objects.filter(pk=former.event_id, status=EventStatus.CANCELLED)
    error = event_words.not_removed(former.connection.grant.provider)
    if removed.filter(state=ConferencingState.REMOVED).update(state=ConferencingState.DETACHED, error=error):
        _announce(former.event_id, EventType.MEETING_FAILED)


def _announce(event_id: int, kind: EventType) -> None:
    """To the application that made the event, and nobody else; a script with a key hears nothing."""
    event = ApplicationEvent.objects.select_related(*_RELATED).get(pk=event_id)
    if event.application_id:
        announcements.announce(
            kind,
            lambda: shapes.shape_of(event),
            host_id=event.host_id,
            organization_id=event.organization_id,
            application_id=event.application_id,
        )

"""Does: what news from accounts and providers means for the meetings of applications' events."""

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.timezone import now

from accounts.models import User
from integrations import conferencing, retries
from integrations.models import Connection
from outbox import intents, outbox
from scheduling import application_meetings, cut_off, event_states, event_words, former_meetings
from scheduling.models import ApplicationEvent, ConferencingState, EventStatus, EventType

LOOK = "application_meeting_look"


def cut(connection: Connection, *, host: User | None = None) -> None:
    """The account is gone, for all or for `host`. Coming meetings keep their links, no others are made."""
    held = _coming(host).filter(connection=connection.pk).filter(~Q(external_id="") | Q(attempted_at=None))
    for event in held:
        with translation.override(event.host.language):
            _cut(event)
    former_meetings.cut(connection, host=host)


def wake(connection: Connection, *, host: User | None = None) -> None:
    """The account works (again): what waited for it goes on; of `host`'s alone, where only he can use it again."""
    for event in _waiting_for(connection, host):
        if event.external_id and event.settled_sequence >= event.sequence:
            event_states.tell(event, EventType.MEETING_READY, state=ConferencingState.READY, error="", error_detail="")
        else:
            outbox.want(application_meetings.KIND, event.pk)
    former_meetings.wake(connection, host=host)


def hear(provider: str, external_id: str) -> None:
    """The provider says that this meeting was changed: that is looked at, not believed."""
    held = _coming(None).filter(place=provider, external_id=external_id, state=ConferencingState.READY)
    for event_id in held.values_list("pk", flat=True):
        outbox.want(LOOK, event_id)


@intents.settles(LOOK)
def look(event_id: int) -> None:
    """Somebody may have deleted it at the provider: he has his reasons, so a new one is made only if asked for."""
    event = ApplicationEvent.objects.select_related(*event_states.RELATED).filter(pk=event_id).first()
    if event is None or not event.external_id or event.connection is None or not application_meetings.is_in_step(event):
        return
    with retries.left_to_the_outbox():
        is_gone = conferencing.read_meeting(event.connection, event.external_id) is None
    if is_gone:
        with translation.override(event.host.language):
            _lost(event)


def using(connection: Connection, host: User | None = None) -> QuerySet[ApplicationEvent]:
    """Coming events whose meetings it holds, or would hold."""
    return _coming(host).filter(connection=connection.pk).select_related("application")


def _coming(host: User | None) -> QuerySet[ApplicationEvent]:
    found = ApplicationEvent.objects.filter(end__gt=now(), status=EventStatus.CONFIRMED).exclude(place="")
    return (found.filter(host=host) if host else found).select_related(*event_states.RELATED)


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
    event_states.need(event, state, event_words.consequence(event, cut_off.cause(event.place)))


def _lost(event: ApplicationEvent) -> None:
    failed = {"state": ConferencingState.FAILED, "error": event_words.lost(event.place), "error_detail": ""}
    event_states.tell(event, EventType.MEETING_DELETED, **failed, **application_meetings.GONE)

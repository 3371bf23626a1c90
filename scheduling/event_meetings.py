"""Does: gives a meeting to an event that a member made in his own calendar and marked with a place.

The link is written into the event; the meeting moves with it, and goes when the event goes or loses its mark.
"""

from collections.abc import Iterable

from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from integrations import calendars, conferencing, queries, registry, retries
from integrations.exceptions import AuthorizationLost, ProviderError
from integrations.models import Calendar, CalendarEvent, Connection
from integrations.types import CreatedMeeting, EventRequest, MeetingRequest, Permission
from outbox import intents, outbox
from scheduling import making, marked_events, texts
from scheduling.models import EventMeeting

KIND = "event_meeting"


def hear(calendar: Calendar, changed: Iterable[str], removed: Iterable[str]) -> None:
    """These events of the calendar are not what they were."""
    known = {made.event_id: made for made in EventMeeting.objects.filter(calendar=calendar)}
    for external_id in removed:
        if external_id in known:
            _want_gone(known[external_id])
    if not _is_wished(calendar):
        return
    found = CalendarEvent.objects.filter(calendar=calendar, external_id__in=[*changed], end__gt=now())
    for event in found:
        _hear(event, known.get(event.external_id))


def wake(connection: Connection) -> None:
    """The account works (again): events that wait for a meeting there get it."""
    waiting = EventMeeting.objects.filter(calendar__membership__organization=connection.organization_id)
    waiting = waiting.filter(place=connection.grant.provider, end__gt=now()).exclude(error="")
    if connection.membership is not None:
        waiting = waiting.filter(calendar__membership=connection.membership)
    for row_id in waiting.values_list("pk", flat=True):
        outbox.want(KIND, row_id)


@intents.settles(KIND)
def settle(row_id: int) -> None:
    """Every failure becomes a sentence on the row, and what the outbox does next."""
    related = "calendar__connection__grant", "calendar__membership__user", "connection__grant"
    row = EventMeeting.objects.select_related(*related).filter(pk=row_id).first()
    if row is None:
        return
    with retries.left_to_the_outbox():
        try:
            with translation.override(row.calendar.membership.user.language):
                _bring(row)
        except ProviderError as error:
            _note(row, error)
            raise


def _is_wished(calendar: Calendar) -> bool:
    settings = calendars.settings_of(calendar.membership)
    wished = settings.sync and settings.meetings_for_marked and calendar.is_busy and calendar.can_write
    return wished and calendars.may(calendar.connection, Permission.CALENDAR_WRITE)


def _hear(event: CalendarEvent, row: EventMeeting | None) -> None:
    names = {known.key: registry.place(known.key) for known in registry.with_meetings()}
    place = marked_events.place_of(event, names) if marked_events.may_have_one(event) else ""
    if row is None and place:
        row = EventMeeting.objects.create(
            calendar=event.calendar, event_id=event.external_id, place=place, start=event.start, end=event.end
        )
    if row is None:
        return
    if place or (row.join_url and row.join_url in f"{event.location} {event.description}"):
        _keep(row, event)
    elif row.join_url:
        _want_gone(row)


def _keep(row: EventMeeting, event: CalendarEvent) -> None:
    """Only what differs is worth a call."""
    shown = texts.line(event.title), event.start, event.end
    if row.settled_at and (row.title, row.start, row.end) == shown and not row.is_gone:
        return
    row.title, row.start, row.end = shown
    row.is_gone = False
    row.save(update_fields=["title", "start", "end", "is_gone"])
    outbox.want(KIND, row.pk)


def _want_gone(row: EventMeeting) -> None:
    EventMeeting.objects.filter(pk=row.pk).update(is_gone=True)
    outbox.want(KIND, row.pk)


def _bring(row: EventMeeting) -> None:
    if row.is_gone:
        _remove(row)
    elif row.external_id:
        _shown(row, conferencing.update_meeting(_account(row), row.external_id, _request(row)))
    else:
        _make(row, _account(row))
    if not row.is_gone:
        _write_link(row)


def _account(row: EventMeeting) -> Connection:
    """The member's account there, or his organization's; the one that made it stays."""
    connection = row.connection or queries.connection_for(row.calendar.membership, row.place)
    if connection is None or not connection.is_usable:
        sentence = _("%(place)s is not connected, so the event in your calendar has no meeting.")
        raise AuthorizationLost(sentence % {"place": registry.place(row.place)})
    return connection


def _make(row: EventMeeting, connection: Connection) -> None:
    """What an unclear answer may have left behind is looked for before it is asked for again."""
    made = making.make(
        connection,
        _request(row),
        host=row.calendar.membership.user,
        attempted_at=row.attempted_at,
        note=lambda moment: _write(row, attempted_at=moment, connection=connection),
    )
    _shown(row, made)


def _remove(row: EventMeeting) -> None:
    connection = row.connection
    if connection is not None and connection.is_usable:
        found = row.external_id or _left_behind(row, connection)
        if found:
            conferencing.delete_meeting(connection, found)
    row.delete()


def _left_behind(row: EventMeeting, connection: Connection) -> str:
    if row.attempted_at is None:
        return ""
    host = row.calendar.membership.user
    found = conferencing.find_meeting(connection, _request(row), since=row.attempted_at, host=host)
    return found.external_id if found else ""


def _write_link(row: EventMeeting) -> None:
    """Where people look for it, unless it stands there already; the rest stays as it is there."""
    there = calendars.read_event(row.calendar, row.event_id)
    if there is None or row.join_url in f"{there.location} {there.description}":
        return
    link = _("Join: %(link)s") % {"link": row.join_url}
    request = EventRequest(
        title=there.title,
        start=there.start,
        end=there.end,
        time_zone=row.calendar.time_zone or row.calendar.membership.user.time_zone,
        description="\n\n".join(filter(None, [there.description, link])),
        location=row.join_url,
        is_private=there.is_private,
    )
    calendars.update_event(row.calendar, row.event_id, request)


def _shown(row: EventMeeting, shown: CreatedMeeting) -> None:
    done = {"settled_at": now(), "error": "", "error_detail": ""}
    _write(row, external_id=shown.external_id, join_url=shown.join_url, **done)


def _note(row: EventMeeting, error: ProviderError) -> None:
    _write(row, error=error.sentence, error_detail=error.detail)


def _write(row: EventMeeting, **changes: object) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    EventMeeting.objects.filter(pk=row.pk).update(**changes)


def _request(row: EventMeeting) -> MeetingRequest:
    user = row.calendar.membership.user
    return MeetingRequest(
        topic=row.title or _("Meeting of %(name)s") % {"name": user},
        start=row.start,
        duration=row.end - row.start,
        time_zone=user.time_zone,
        marker=row.marker,
        agenda=_("Made for an event in your calendar."),
    )

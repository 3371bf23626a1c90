"""Asks: make, change, delete an event for somebody, as an application wants it. Its meeting follows in the background.

Meetings are made, moved and removed by application_meetings.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Application, Membership
from integrations import registry
from integrations.models import Connection
from outbox import outbox
from scheduling import cells, event_words, leftovers, places, texts
from scheduling.exceptions import NotChangeable, SlotTaken, Unfit
from scheduling.models import ApplicationEvent, ConferencingState, EventStatus, FormerMeeting, Transparency
from scheduling.places import BUILTIN, Place

LONGEST = timedelta(hours=24)
DEFAULT, NONE = "default", "none"
FOLLOWED = ("title", "description", "start", "end", "time_zone")
"""What the meeting shows."""
NO_MEETING = {
    "connection": None,
    "external_id": "",
    "join_url": "",
    "passcode": "",
    "attempted_at": None,
    "settled_sequence": -1,
    "settled_at": None,
    "error": "",
    "error_detail": "",
}


@dataclass(frozen=True)
class Wish:
    """What an event shall be. title, description: as they were sent.  start, end: aware."""

    title: str
    description: str
    start: datetime
    end: datetime
    time_zone: str
    transparency: Transparency


def create(
    membership: Membership, wish: Wish, *, service: str, by: Application | None, key: UUID | None = None
) -> ApplicationEvent:
    """service: "default", "none", or what is held there.  by: None for a script with a key of his own.

    The same `key` twice gives one event. Raises SlotTaken or Unfit.
    """
    earlier = _submitted(key)
    if earlier is not None:
        return earlier
    place = _place(membership, service)
    try:
        return _create(membership, wish, place, by, key)
    except IntegrityError:  # somebody was quicker; perhaps the same caller's other try
        earlier = _submitted(key)
        if earlier is None:
            raise SlotTaken from None
        return earlier


def change(
    event: ApplicationEvent, wishes: dict[str, Any], *, membership: Membership, service: str | None = None
) -> None:
    """wishes: fields of Wish, those to be changed.  service: None to leave the meeting where it is held.

    Raises NotChangeable, SlotTaken or Unfit.
    """
    place = _place(membership, service) if service is not None else None
    try:
        _change(event, wishes, place, chosen=service is not None)
    except IntegrityError:
        event.refresh_from_db()
        raise SlotTaken from None


@transaction.atomic
def delete(event: ApplicationEvent) -> None:
    """Its time is given back, its meeting goes. Doing it twice is once. Raises NotChangeable if it is over."""
    _lock(event)
    if event.is_cancelled:
        return
    _refuse_if_over(event)
    event.status = EventStatus.CANCELLED
    event.sequence += 1
    cells.give_back(event)
    with translation.override(event.host.language):
        _leave(event)
    event.save()


@transaction.atomic
def _create(
    membership: Membership, wish: Wish, place: Place | None, by: Application | None, key: UUID | None
) -> ApplicationEvent:
    cells.lock([membership.user_id])
    earlier = _submitted(key)
    if earlier is not None:
        return earlier
    event = ApplicationEvent(
        organization=membership.organization, host=membership.user, application=by, submission_key=key
    )
    _write(event, vars(wish))
    _check(event, {"start", "end"})
    event.save()
    _take(event)
    _open(event, place)
    event.save()
    return event


@transaction.atomic
def _change(event: ApplicationEvent, wishes: dict[str, Any], place: Place | None, *, chosen: bool) -> None:
    _lock(event)
    if event.is_cancelled:
        raise NotChangeable(_("This event was deleted; nothing about it can be changed any more."))
    _refuse_if_over(event)
    before = {name: getattr(event, name) for name in (*FOLLOWED, "transparency")}
    _write(event, _moved(event, wishes))
    changed = {name for name, value in before.items() if getattr(event, name) != value}
    _check(event, changed)
    if changed & {"start", "end", "transparency"}:
        cells.give_back(event)
        _take(event)
    if chosen and not _stays(event, place):
        with translation.override(event.host.language):
            _leave(event)
            _open(event, place)
    elif chosen or changed & set(FOLLOWED):
        _follow(event)
    event.save()


def _submitted(key: UUID | None) -> ApplicationEvent | None:
    return ApplicationEvent.objects.filter(submission_key=key).first() if key else None


def _lock(event: ApplicationEvent) -> None:
    """The person first, then the event, read again as it is now."""
    cells.lock([event.host_id])
    event.refresh_from_db(from_queryset=ApplicationEvent.objects.select_for_update(of=("self",)))


def _refuse_if_over(event: ApplicationEvent) -> None:
    if event.end <= now():
        raise NotChangeable(event_words.over())


def _moved(event: ApplicationEvent, wishes: dict[str, Any]) -> dict[str, Any]:
    """A start alone moves it, as long as it was."""
    if "start" in wishes and "end" not in wishes:
        return wishes | {"end": wishes["start"] + event.duration}
    return wishes


def _write(event: ApplicationEvent, wishes: dict[str, Any]) -> None:
    for name, value in wishes.items():
        setattr(event, name, value)
    event.title, event.description = texts.line(event.title), texts.lines(event.description)
    event.busy_start, event.busy_end = cells.around(event.start, event.end)


def _check(event: ApplicationEvent, changed: set[str]) -> None:
    if not event.title:
        raise Unfit("title", _("Please give it a title."))
    for name in ("start", "end"):
        if name in changed and getattr(event, name) <= now():
            raise Unfit(name, _("This time has passed."))
    if event.end <= event.start:
        raise Unfit("end", _("It has to end after it starts."))
    if event.duration > LONGEST:
        raise Unfit("end", _("It can last 24 hours at most."))


def _take(event: ApplicationEvent) -> None:
    if event.transparency != Transparency.OPAQUE:
        return
    if cells.are_taken(event.host_id, event.busy_start, event.busy_end, but=event):
        raise SlotTaken
    cells.take(event)


def _place(membership: Membership, service: str) -> Place | None:
    """Where its meeting is to be held; None for nowhere."""
    if service == NONE:
        return None
    if service == DEFAULT:
        return places.default(membership)
    if service == BUILTIN or service in {provider.key for provider in registry.with_meetings()}:
        return places.at(service, host=membership.user, organization_id=membership.organization_id)
    raise Unfit("conferencing.service", _("There is no such service. See conferencing/services for those there are."))


def _stays(event: ApplicationEvent, place: Place | None) -> bool:
    """A link that people hold and that is kept up to date is not swapped for another of the same service."""
    if place is None or event.place != place.key:
        return place is None and not event.place
    is_kept = event.state in (ConferencingState.PENDING, ConferencingState.READY)
    return is_kept or (event.connection is not None and event.connection == place.connection)


def _follow(event: ApplicationEvent) -> None:
    """Owe that its meeting shows what it says now."""
    event.sequence += 1
    if event.connection or event.external_id:
        event.state = ConferencingState.PENDING
    if event.place not in ("", BUILTIN):
        outbox.want("application_meeting", event.pk)


def _open(event: ApplicationEvent, place: Place | None) -> None:
    """As it is resolved now; a later change of defaults does not touch it. Our own rooms are there at once."""
    event.place, event.connection = (place.key, place.connection) if place else ("", None)
    with translation.override(event.host.language):
        event.state, event.error = _outlook(place)
    if place and not place.is_ours:
        outbox.want("application_meeting", event.pk)


def _outlook(place: Place | None) -> tuple[ConferencingState, str]:
    if place is None:
        return ConferencingState.NONE, ""
    if place.is_ours:
        return ConferencingState.READY, ""
    if not place.is_usable:
        return ConferencingState.FAILED, event_words.no_link(place.key, place.problem)
    return ConferencingState.PENDING, ""


def _leave(event: ApplicationEvent) -> None:
    """Nothing of its meeting is its own any more; what is at the provider goes, also what may be there."""
    had, connection = bool(event.external_id or event.attempted_at), event.connection
    if had and connection:
        _part(event, connection)
    if event.place:
        event.state = ConferencingState.REMOVED
    for name, value in NO_MEETING.items():
        setattr(event, name, value)
    event.meeting_key = uuid4()
    if had and not connection:
        event.state, event.error = ConferencingState.DETACHED, event_words.not_removed(event.place)


def _part(event: ApplicationEvent, connection: Connection) -> None:
    former = FormerMeeting.objects.create(
        event=event,
        connection=connection,
        meeting_key=event.meeting_key,
        external_id=event.external_id,
        attempted_at=event.attempted_at,
    )
    outbox.want("former_meeting", former.pk, after=timedelta(0) if event.external_id else leftovers.CLEAR)

"""Asks: make, change, delete an event for somebody, as an application wants it. Its meeting follows in the background.

Where it is held: event_places.py. Meetings are made and moved by application_meetings.py, and go by former_meetings.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Application, Membership
from scheduling import cells, event_places, event_words, texts
from scheduling.exceptions import NotChangeable, SlotTaken, Unfit
from scheduling.models import ApplicationEvent, EventStatus, Transparency
from scheduling.places import Place

LONGEST = timedelta(hours=24)
FOLLOWED = ("title", "description", "start", "end", "time_zone")
"""What the meeting shows."""


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
    place = event_places.resolve(membership, service)
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
    place = event_places.resolve(membership, service) if service is not None else None
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
        event_places.leave(event)
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
    event_places.open_at(event, place)
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
    if chosen and not event_places.is_held_at(event, place):
        with translation.override(event.host.language):
            event_places.leave(event)
            event_places.open_at(event, place)
    elif chosen or changed & set(FOLLOWED):
        event_places.follow(event)
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
    """It has no cells (any more)."""
    if event.transparency != Transparency.OPAQUE:
        return
    if cells.are_taken(event.host_id, event.busy_start, event.busy_end):
        raise SlotTaken
    cells.take(event)

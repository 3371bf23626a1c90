"""Asks: where an application's event is held. What it had goes by an effect of its own: former_meetings.py."""

from datetime import timedelta
from uuid import uuid4

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import registry
from integrations.models import Connection
from outbox import outbox
from scheduling import event_words, leftovers, places
from scheduling.exceptions import Unfit
from scheduling.models import ApplicationEvent, ConferencingState, FormerMeeting
from scheduling.places import BUILTIN, Place

DEFAULT, NONE = "default", "none"
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


def resolve(membership: Membership, service: str) -> Place | None:
    """Where its meeting is to be held; None for nowhere."""
    if service == NONE:
        return None
    if service == DEFAULT:
        return places.default(membership)
    if service == BUILTIN or service in {provider.key for provider in registry.with_meetings()}:
        return places.at(service, host=membership.user, organization_id=membership.organization_id)
    raise Unfit("conferencing.service", _("There is no such service. See conferencing/services for those there are."))


def is_held_at(event: ApplicationEvent, place: Place | None) -> bool:
    """A link that people hold and that is kept up to date is not swapped for another of the same service."""
    if place is None or event.place != place.key:
        return place is None and not event.place
    is_kept = event.state in (ConferencingState.PENDING, ConferencingState.READY)
    return is_kept or (event.connection is not None and event.connection == place.connection)


def follow(event: ApplicationEvent) -> None:
    """Owe that its meeting shows what it says now."""
    event.sequence += 1
    if event.connection or event.external_id:
        event.state = ConferencingState.PENDING
    if event.place not in ("", BUILTIN):
        outbox.want("application_meeting", event.pk)


def open_at(event: ApplicationEvent, place: Place | None) -> None:
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


def leave(event: ApplicationEvent) -> None:
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

"""What it means for an event of an application that its meeting cannot be had or changed, in sentences for people."""

from django.utils.translation import gettext as _

from scheduling import cut_off, places
from scheduling.models import ApplicationEvent


def no_link(place: str, why: str = "") -> str:
    """why: a sentence, if more is known than that it is not connected."""
    follows = _("There is no link yet. The event stands: connect %(place)s again, and the link follows.")
    return f"{why or cut_off.cause(place)} {follows % {'place': places.name(place)}}"


def later_changes(place: str) -> str:
    text = _("The link keeps working, but if this event is changed, the meeting at %(place)s stays as it is.")
    return f"{cut_off.cause(place)} {text % {'place': places.name(place)}}"


def consequence(event: ApplicationEvent, why: str) -> str:
    """why: a sentence. What was not done, whether anything was lost, and what the person can do."""
    if not event.external_id:
        return no_link(event.place, why)
    if event.settled_sequence >= event.sequence:
        return later_changes(event.place)
    text = _("The change was not carried over to %(place)s: please change the meeting there. The link keeps working.")
    return f"{why} {text % {'place': places.name(event.place)}}"


def not_removed(place: str) -> str:
    text = _("The meeting was not removed there: please remove it at %(place)s yourself.")
    return f"{cut_off.cause(place)} {text % {'place': places.name(place)}}"


def lost(place: str) -> str:
    text = _("Somebody deleted the meeting at %(place)s, so there is no link. The event stands; a new one can be made.")
    return text % {"place": places.name(place)}


def over() -> str:
    return _("This event is over; nothing about it can be changed any more.")


def changed() -> str:
    return _("The event was changed meanwhile.")

"""Places in words, for those who come, and the way in."""

from django import template
from django.utils.translation import gettext as _

from scheduling import findings, places
from scheduling.models import Held, Meeting
from scheduling.reader import Reader

register = template.Library()


@register.filter
def place_in_words(place: places.Place) -> str:
    """Before booking. What only the guest may know (a number, a link) follows with the booking."""
    if place.key == places.LINK:
        return _("Online; you get the link")
    if place.key == places.IN_PERSON and place.detail:
        return place.detail
    return place.name


@register.filter
def place_of(meeting: Meeting) -> str:
    return _("Online") if meeting.place == places.LINK else places.name(meeting.place)


@register.filter
def join_url(meeting: Meeting) -> str:
    return places.join_url(meeting)


@register.simple_tag
def changed_in_short(held: Held, reader: Reader) -> str:
    return findings.in_short(held, reader)

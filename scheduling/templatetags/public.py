"""What the invitee's pages say: addresses of a choice, times as the reader knows them, places and lengths in words."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.translation import gettext as _

from scheduling import calendar_page, durations, places, time_zones
from scheduling.models import Booking, Meeting
from scheduling.reader import Reader
from scheduling.selection import Selection, written

register = template.Library()


@register.simple_tag
def address(chosen: Selection, **changes: object) -> str:
    """The query that leads to this choice with `changes`; None takes something away."""
    return chosen.address(**changes)


@register.simple_tag
def address_up_to(name: str, chosen: Selection, **changes: object) -> str:
    """The same, ready for another value of `name` at its end."""
    return chosen.address_up_to(name, **changes)


@register.simple_tag
def clock(reader: Reader, instant: datetime) -> str:
    return reader.clock(instant)


@register.simple_tag
def date_in_words(reader: Reader, when: date | datetime) -> str:
    return reader.day(reader.local(when).date() if isinstance(when, datetime) else when)


@register.simple_tag
def month_day(reader: Reader, day: date) -> str:
    return reader.month_day(day)


@register.simple_tag
def when(reader: Reader, booking: Booking) -> str:
    return _unbroken(reader.when(booking.start, booking.end))


@register.simple_tag
def offset(reader: Reader, instant: datetime) -> str:
    return reader.offset(instant)


@register.simple_tag
def offset_if_twice(reader: Reader, instant: datetime) -> str:
    return reader.offset(instant) if calendar_page.is_shown_twice(instant, reader.time_zone) else ""


@register.simple_tag
def zone_offset(time_zone: str, at: datetime) -> str:
    return time_zones.offset(time_zone, at)


@register.filter
def city(time_zone: str) -> str:
    return time_zones.city(time_zone)


@register.filter
def minutes_in_words(minutes: int) -> str:
    return durations.in_words(minutes)


@register.filter
def in_address(start: datetime) -> str:
    return written(start)


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


@register.filter
def initial(name: str) -> str:
    return name.strip()[:1]


@register.filter
def region(time_zone: str) -> str:
    return time_zone.rpartition("/")[0].replace("_", " ")


@register.simple_tag
def near_address(chosen: Selection, start: datetime) -> str:
    """The choice of a start on another day, perhaps in another month."""
    return chosen.address(start=start, day=None, month=None)


@register.simple_tag
def next_free_address(chosen: Selection, start: datetime) -> str:
    day = Reader(chosen.zone).local(start).date()
    return chosen.address(month=day, day=day, start=None)


@register.simple_tag
def short_date(reader: Reader, instant: datetime) -> str:
    return reader.short_day(reader.local(instant).date())


@register.simple_tag
def chosen_when(reader: Reader, chosen: Selection) -> str:
    assert chosen.start is not None
    return _unbroken(reader.when(chosen.start, chosen.start + timedelta(minutes=chosen.duration)))


def _unbroken(words: str) -> str:
    """Lines break after commas only, so that a date and a time each stay in one piece."""
    return ", ".join(part.replace(" ", "\u00a0") for part in words.split(", "))

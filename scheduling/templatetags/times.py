"""Dates, times and zones as the reader knows them, lengths in words.

{% moment reader instant %}   Thursday, 5 March 2026, 14:30          {% when reader booking %}   the same – 15:00
{% clock reader instant %}    14:30      {% offset reader instant %} UTC+01:00      {{ zone|city }}   Berlin
{{ minutes|duration }}        1 hour 30 minutes      {{ minutes|duration:"short" }}   1 h 30 min
"""

from datetime import UTC, date, datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from scheduling import durations, time_zones
from scheduling.models import Booking
from scheduling.reader import Reader
from scheduling.selection import Selection

register = template.Library()


@register.simple_tag
def moment(reader: Reader, instant: datetime) -> SafeString:
    return _marked(instant, reader.moment(instant))


@register.simple_tag
def when(reader: Reader, booking: Booking) -> SafeString:
    return _marked(booking.start, reader.when(booking.start, booking.end))


@register.simple_tag
def chosen_when(reader: Reader, chosen: Selection) -> SafeString:
    assert chosen.start is not None
    return _marked(chosen.start, reader.when(chosen.start, chosen.start + timedelta(minutes=chosen.duration)))


@register.simple_tag
def clock(reader: Reader, instant: datetime) -> str:
    return reader.clock(instant)


@register.simple_tag
def near(reader: Reader, instant: datetime, other: datetime) -> str:
    return reader.near(instant, other)


@register.simple_tag
def date_in_words(reader: Reader, when: date | datetime) -> str:
    return reader.day(reader.local(when).date() if isinstance(when, datetime) else when)


@register.simple_tag
def short_date(reader: Reader, when: date | datetime) -> str:
    return reader.short_day(reader.local(when).date() if isinstance(when, datetime) else when)


@register.simple_tag
def day_in_year(reader: Reader, day: date) -> str:
    return reader.day_in_year(day)


@register.simple_tag
def month_day(reader: Reader, day: date) -> str:
    return reader.month_day(day)


@register.simple_tag
def offset(reader: Reader, instant: datetime) -> str:
    return reader.offset(instant)


@register.simple_tag
def offset_if_twice(reader: Reader, instant: datetime) -> str:
    return reader.offset_if_twice(instant)


@register.simple_tag
def zone_offset(time_zone: str, at: datetime) -> str:
    return time_zones.offset(time_zone, at)


@register.filter
def city(time_zone: str) -> str:
    return time_zones.city(time_zone)


@register.filter
def region(time_zone: str) -> str:
    return time_zone.rpartition("/")[0].replace("_", " ")


@register.filter
def duration(length: int | timedelta, style: str = "long") -> str:
    """`length` is a timedelta or minutes."""
    minutes = length if isinstance(length, int) else length // timedelta(minutes=1)
    return durations.in_short(minutes) if style == "short" else durations.in_words(minutes)


def _marked(instant: datetime, words: str) -> SafeString:
    """Lines break after commas only, so that a date and a time each stay in one piece."""
    pieces = ", ".join(part.replace(" ", "\u00a0") for part in words.split(", "))
    machine = instant.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
    return format_html('<time datetime="{}">{}</time>', machine, pieces)

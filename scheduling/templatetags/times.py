"""Instants in a reader's time zone, durations in words, the names of offsets.

{% instant start zone %}          Thursday, March 5, 2026, 2:30 PM       (or "time", "day", "short_day" as a third word)
{% period start end zone %}       Thursday, March 5, 2026, 2:30 PM – 3:00 PM           ("time" leaves out the day)
{% offset zone start %}           UTC+01:00      {% clock zone %}  the time there now      {{ zone|city }}  Berlin
{{ minutes|duration }}            1 hour 30 minutes      {{ minutes|duration:"short" }}  1 h 30 min
12 or 24 hours, and the order of a date, follow the language of the page. Zones are IANA names or ZoneInfo.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format, get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

Zone = str | ZoneInfo
Style = Literal["full", "day", "short_day", "time"]


@register.simple_tag
def instant(value: datetime, time_zone: Zone, style: Style = "full") -> SafeString:
    return format_html('<time datetime="{}">{}</time>', _machine(value), words(value, time_zone, style))


@register.simple_tag
def period(start: datetime, end: datetime, time_zone: Zone, style: Literal["full", "time"] = "full") -> SafeString:
    text = period_words(start, end, time_zone, style)
    return format_html('<time datetime="{}/{}">{}</time>', _machine(start), _machine(end), text)


@register.simple_tag
def offset(time_zone: Zone, at: datetime | None = None) -> str:
    """The name of the offset at that instant (now): UTC+05:45, or UTC."""
    return _offset(_there(at or now(), time_zone))


@register.simple_tag
def clock(time_zone: Zone) -> SafeString:
    return instant(now(), time_zone, "time")


@register.filter
def city(time_zone: Zone) -> str:
    """America/Argentina/Buenos_Aires is Buenos Aires to those who live there."""
    return str(time_zone).rpartition("/")[2].replace("_", " ")


@register.filter
def duration(value: int | timedelta, style: str = "long") -> str:
    """`value` is a timedelta or minutes."""
    minutes = value if isinstance(value, int) else value // timedelta(minutes=1)
    hours, minutes = divmod(minutes, 60)
    if style == "short":
        parts = [_("%d h") % hours if hours else "", _("%d min") % minutes if minutes or not hours else ""]
    else:
        parts = [
            ngettext("%d hour", "%d hours", hours) % hours if hours else "",
            ngettext("%d minute", "%d minutes", minutes) % minutes if minutes or not hours else "",
        ]
    return " ".join(part for part in parts if part)


def words(value: datetime, time_zone: Zone, style: Style = "full") -> str:
    """The same as {% instant %}, as text for a mail."""
    there = _there(value, time_zone)
    match style:
        case "time":
            return _time(there)
        case "day":
            return _day(there)
        case "short_day":
            return _("%(weekday)s, %(day)s") % {
                "weekday": date_format(there, "D"),
                "day": date_format(there, "MONTH_DAY_FORMAT"),
            }
        case _:
            return _("%(day)s, %(time)s") % {"day": _day(there), "time": _time(there)}


def period_words(start: datetime, end: datetime, time_zone: Zone, style: Literal["full", "time"] = "full") -> str:
    """The same as {% period %}, as text for a mail. The day of the end is named only when it is another one."""
    another_day = _there(start, time_zone).date() != _there(end, time_zone).date()
    return _("%(start)s – %(end)s") % {
        "start": words(start, time_zone, style),
        "end": words(end, time_zone, "full" if another_day else "time"),
    }


def _there(value: datetime, time_zone: Zone) -> datetime:
    return value.astimezone(time_zone if isinstance(time_zone, ZoneInfo) else ZoneInfo(time_zone))


def _machine(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")


def _day(there: datetime) -> str:
    return _("%(weekday)s, %(day)s") % {"weekday": date_format(there, "l"), "day": date_format(there, "DATE_FORMAT")}


def _time(there: datetime) -> str:
    """With its offset when the clock shows this time twice on that day."""
    wanted = get_format("TIME_FORMAT")
    text = date_format(there, "g:i A" if "P" in wanted else wanted)
    return _("%(time)s (%(offset)s)") % {"time": text, "offset": _offset(there)} if _comes_twice(there) else text


def _comes_twice(there: datetime) -> bool:
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def _offset(there: datetime) -> str:
    name = there.strftime("%z")
    return "UTC" if name[1:] == "0000" else f"UTC{name[:3]}:{name[3:5]}"

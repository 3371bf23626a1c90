"""The days of a month and the times of a day: most of the page's markup, so drawn in Python and in one go.

A template takes five times as long. Addresses and words are escaped here; digits and clock readings need no escaping.
"""

from collections.abc import Sequence

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

from scheduling.calendar_page import Day, Time
from scheduling.selection import written

register = template.Library()


@register.simple_tag
def day_rows(weeks: Sequence[Sequence[Day | None]], to_day: str) -> SafeString:
    """A row for each week; `to_day` is an address that ends where a date goes."""
    address = conditional_escape(to_day)
    rows = ("".join([_cell(day, address) for day in week]) for week in weeks)
    return SafeString("".join([f"\n      <tr>{row}</tr>" for row in rows]))


@register.simple_tag
def time_items(times: Sequence[Time], to_time: str) -> SafeString:
    """An item for each start; `to_time` is an address that ends where a start goes."""
    address = conditional_escape(to_time)
    return SafeString("".join([_item(time, address) for time in times]))


def _cell(day: Day | None, address: str) -> str:
    if day is None:
        return "<td></td>"
    classes = "day day--today" if day.is_today else "day"
    if not day.is_free:
        return f'<td><span class="{classes}">{day.date.day}</span></td>'
    link = f'class="{classes}" rel="nofollow" href="{address}{day.date}#times"'
    chosen = ' aria-current="date"' if day.is_chosen else ""
    return f'<td><a {link}{chosen} aria-label="{escape(day.words)}">{day.date.day}</a></td>'


def _item(time: Time, address: str) -> str:
    link = f'class="time" rel="nofollow" href="{address}{written(time.start)}#details"'
    offset = f"<small>{time.offset}</small>" if time.offset else ""
    return f"\n    <li><a {link}>{time.clock}{offset}</a></li>"

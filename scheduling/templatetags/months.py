"""The days of a month. Drawn in Python: they are most of the page's markup, and a template takes four times as long."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scheduling.calendar_page import Day

register = template.Library()

CHOSEN = SafeString(' aria-current="date"')


@register.simple_tag
def day_cells(week: Sequence[Day | None], to_day: str) -> SafeString:
    """The cells of a week; `to_day` is an address that ends where a date goes."""
    return format_html_join("", "<td>{}</td>", ((_day(day, to_day) if day else "",) for day in week))


def _day(day: Day, to_day: str) -> SafeString:
    classes = "day day--today" if day.is_today else "day"
    if not day.is_free:
        return format_html('<span class="{}">{}</span>', classes, day.date.day)
    return format_html(
        '<a class="{}" rel="nofollow" href="{}{}#times"{} aria-label="{}">{}</a>',
        *(classes, to_day, day.date, CHOSEN if day.is_chosen else "", day.words, day.date.day),
    )

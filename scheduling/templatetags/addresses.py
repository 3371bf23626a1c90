"""The addresses of a choice on a calendar."""

from datetime import datetime

from django import template

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


@register.filter
def in_address(start: datetime) -> str:
    return written(start)


@register.simple_tag
def near_address(chosen: Selection, start: datetime) -> str:
    """The choice of a start on another day, perhaps in another month."""
    return chosen.address(start=start, day=None, month=None)


@register.simple_tag
def next_free_address(chosen: Selection, start: datetime) -> str:
    day = Reader(chosen.zone).local(start).date()
    return chosen.address(month=day, day=day, start=None)

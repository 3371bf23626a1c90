"""Which events of a member's calendar ask for a meeting: their location is the name of a place and nothing else, or its
key stands anywhere in them as a hashtag. Pure.
"""

from collections.abc import Mapping

from integrations.models import CalendarEvent


def place_of(event: CalendarEvent, names: Mapping[str, str]) -> str:
    """The key of the place that it names; empty if none. `names`: what people call each place, by key."""
    where = event.location.strip().casefold()
    words = f"{event.title} {event.location} {event.description}".casefold().split()
    for key, name in names.items():
        if where in (name.casefold(), key) or f"#{key}" in words:
            return key
    return ""


def may_have_one(event: CalendarEvent) -> bool:
    """His own single event, not one of ours; a series would need a meeting of its own kind."""
    own = event.is_organizer and event.can_write and not event.reference
    return own and not event.series_id and not event.is_all_day and event.end > event.start

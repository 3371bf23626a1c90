"""An event of a provider as a row of ours: in UTC, cut to what fits, judged by the rules. Pure."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

from integrations import busy_rules, instants
from integrations.models import Calendar, CalendarEvent
from integrations.types import Event

MOST_TEXT, MOST_ATTENDEES = 20_000, 500
_KEY_ENDS = 64

CHANGING = tuple(
    field.attname
    for field in CalendarEvent._meta.concrete_fields
    if field.name not in {"id", "uid", "calendar", "external_id"}
)
"""What a later look may find changed."""

_LENGTHS = {
    field.name: field.max_length for field in CalendarEvent._meta.concrete_fields if field.max_length is not None
}


def of(calendar: Calendar, events: Iterable[Event], *, own: Collection[str]) -> list[CalendarEvent]:
    """Not saved. own: the references and UIDs of bookings that its owner hosts. Of two with one id the last counts."""
    zone = instants.zone_of(calendar)
    rows = (_row(calendar, event, zone, own) for event in events)
    return list({row.external_id: row for row in rows}.values())


def key(external_id: str) -> str:
    """The provider's id; a longer one than fits is shortened so that it stays its own."""
    cleaned, most = _clean(external_id), _length("external_id")
    if len(cleaned) <= most:
        return cleaned
    return cleaned[: most - _KEY_ENDS] + hashlib.sha256(cleaned.encode()).hexdigest()


def _row(calendar: Calendar, event: Event, zone: str, own: Collection[str]) -> CalendarEvent:
    placed = instants.place(event, zone)
    seen = busy_rules.seen(event, lasts=placed.lasts, is_all_day=placed.is_all_day, own=own)
    return CalendarEvent(
        calendar=calendar,
        external_id=key(event.external_id),
        series_id=key(event.series_id),
        start=placed.start,
        end=placed.end,
        first_day=placed.first_day,
        last_day=placed.last_day,
        description=_clean(event.description)[:MOST_TEXT],
        attendees=[_clean(email)[:254] for email in event.attendees[:MOST_ATTENDEES]],
        is_organizer=event.is_organizer,
        is_private=event.is_private,
        shows_as=event.shows_as.value,
        response=event.response.value,
        kind=event.kind.value,
        is_tentative=event.is_tentative,
        can_write=event.can_write,
        blocks=busy_rules.of(seen).closes,
        **_lines(event),
    )


def _lines(event: Event) -> dict[str, Any]:
    texts = {
        "ical_uid": event.uid,
        "etag": event.etag,
        "title": event.title,
        "location": event.location,
        "join_url": event.join_url,
        "web_url": event.web_url,
        "organizer": event.organizer,
        "reference": event.reference,
    }
    return {name: _clean(text)[: _length(name)] for name, text in texts.items()}


def _clean(text: str) -> str:
    """Without what a database cannot hold: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _length(name: str) -> int:
    return _LENGTHS[name]

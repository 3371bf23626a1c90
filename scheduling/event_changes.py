"""Does: looks whether somebody moved or deleted a booking's event in the host's calendar.

What is found is noted; what happens then is the host's rule (following.py).
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from integrations import calendars, retries
from integrations.models import Calendar
from integrations.types import Response
from outbox import intents, outbox
from scheduling import bookings, changes, following, leftovers
from scheduling.changes import Finding
from scheduling.models import BookedEvent, BookedEventState, Meeting


def hear(calendar: Calendar, changed: Iterable[str]) -> None:
    """These of the calendar's events are not what they were: look at those that stand for bookings."""
    ids = [*changed]
    mine = BookedEvent.objects.filter(calendar=calendar, external_id__in=ids, booking__end__gt=now())
    for booking_id in mine.values_list("booking", flat=True):
        outbox.want("look_at_event", booking_id)
    held = [*ids, *(f"{calendar.external_id}/{external_id}" for external_id in ids)]
    meetings = Meeting.objects.filter(connection=calendar.connection_id, external_id__in=held, booking__end__gt=now())
    for booking_id in meetings.values_list("booking", flat=True):
        outbox.want("look", booking_id)


@intents.settles("look_at_event")
def look(booking_id: int) -> None:
    """Not at what is on its way from us: our own changes come back like anybody's."""
    event = _comparable(booking_id)
    if event is None:
        return
    found = _difference(event)
    if found.change and _is_young(event):
        raise intents.Later(_("Looking once more whether this is not our own change."), after=leftovers.CLEAR)
    with translation.override(event.booking.host.language):
        _note(event, found)


def _comparable(booking_id: int) -> BookedEvent | None:
    ready = BookedEvent.objects.filter(booking=booking_id, booking__status="confirmed", state=BookedEventState.READY)
    related = "booking__host", "booking__meeting", "calendar__connection__grant"
    event = ready.filter(booking__end__gt=now(), calendar__isnull=False).select_related(*related).first()
    return event if event and event.settled_sequence >= event.booking.sequence else None


def _difference(event: BookedEvent) -> Finding:
    assert event.calendar is not None
    with retries.left_to_the_outbox():
        shown = calendars.read_event(event.calendar, event.external_id)
    if shown is None or shown.is_cancelled or shown.response == Response.DECLINED:
        return changes.gone()
    return changes.compared(event.booking, *calendars.span(event.calendar, shown))


def _is_young(event: BookedEvent) -> bool:
    """We have only just changed it ourselves: the calendar may still show what was before."""
    return event.settled_at is not None and now() - event.settled_at < leftovers.CLEAR


@transaction.atomic
def _note(event: BookedEvent, found: Finding) -> None:
    """Told once for each finding; nothing if the booking was changed while we looked."""
    looked_at = event.booking.sequence
    bookings.lock(event.booking)
    same = BookedEvent.objects.filter(pk=event.pk, settled_at=event.settled_at, booking__sequence=looked_at)
    current = same.select_related("booking").first()
    if current is None or found == changes.noted(current):
        return
    if not found.change:
        current.forget_change()
        return
    current.note_change(found.change, found.start, found.end)
    following.act(current)

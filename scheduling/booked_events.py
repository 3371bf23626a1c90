"""Does: brings the event in the host's calendar to what the booking says now: writes, moves or removes it.

The calendar is the one that received bookings when it was booked. It may run twice, late, or after a crash: the event
is made under a reference of ours, so that the same one is never made twice. No call is made inside a transaction.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import calendars, conferencing, retries
from integrations.exceptions import AuthorizationLost, ProviderError, ProviderUnavailable, RateLimited, RequestRejected
from integrations.models import Calendar, Connection
from integrations.types import Event, EventRequest
from outbox import intents, outbox
from scheduling import ical, places, texts
from scheduling.models import NO_CHANGE, BookedEvent, BookedEventState, Booking

KIND = "booked_event"


def owe(booking: Booking, *, after: timedelta) -> None:
    """In the caller's transaction. A booking that has no event gets one, if its host has a calendar for it."""
    if not BookedEvent.objects.filter(booking=booking).exists():
        calendar = None if booking.is_cancelled else _for_new(booking)
        if calendar is None:
            return
        BookedEvent.objects.create(booking=booking, calendar=calendar)
    outbox.want(KIND, booking.pk, after=after)


def link_is_known(booking_id: int) -> None:
    """The join link has come, or is another now."""
    if BookedEvent.objects.filter(booking=booking_id).exists():
        outbox.want(KIND, booking_id)


@intents.settles(KIND)
def settle(booking_id: int) -> None:
    event = _found(booking_id)
    if event is None or event.state == BookedEventState.REMOVED or _is_in_step(event):
        return
    with translation.override(event.booking.host.language):
        _settle(event)


def cut(connection: Connection) -> None:
    """The account goes: coming events stay as they are."""
    sentence = _("Your calendar is not connected any more: later changes are not carried over to it.")
    coming = _coming(connection).exclude(external_id="")
    coming.update(state=BookedEventState.DETACHED, error=sentence, error_detail="")


def wake(connection: Connection) -> None:
    """The account works again: what waited for it goes on."""
    waiting = _coming(connection).exclude(state__in=[BookedEventState.READY, BookedEventState.REMOVED])
    for booking_id in waiting.values_list("booking", flat=True):
        outbox.want(KIND, booking_id)


def _for_new(booking: Booking) -> Calendar | None:
    """Where the meeting itself is an event of the same account, a second one would be a double."""
    host = Membership.objects.filter(organization=booking.organization_id, user=booking.host_id).first()
    calendar = calendars.receiving(host) if host else None
    held_by = booking.meeting.connection
    if calendar and held_by and conferencing.keeps_events(held_by) and held_by.grant_id == calendar.connection.grant_id:
        return None
    return calendar


def _found(booking_id: int) -> BookedEvent | None:
    related = "booking__scheduler", "booking__host", "booking__organization", "booking__meeting__connection__grant"
    found = BookedEvent.objects.select_related(*related, "calendar__connection__grant")
    return found.filter(booking=booking_id).first()


def _coming(connection: Connection) -> QuerySet[BookedEvent]:
    return BookedEvent.objects.filter(calendar__connection=connection, booking__end__gt=now())


def _is_in_step(event: BookedEvent) -> bool:
    shown = event.settled_sequence >= event.booking.sequence and event.settled_link == _link(event.booking)
    return event.state == BookedEventState.READY and shown


def _settle(event: BookedEvent) -> None:
    """Every failure becomes a sentence on the event, and what the outbox does next."""
    with retries.left_to_the_outbox():
        try:
            _bring(event)
        except AuthorizationLost as lost:
            state = BookedEventState.DETACHED if event.external_id else BookedEventState.FAILED
            _write(event, state=state, error=lost.sentence, error_detail=lost.detail)
            raise
        except RequestRejected as rejected:
            _write(event, state=BookedEventState.FAILED, error=rejected.sentence, error_detail=rejected.detail)
            raise
        except (RateLimited, ProviderUnavailable) as error:
            _note(event, error)
            raise


def _bring(event: BookedEvent) -> None:
    booking, calendar = event.booking, _calendar(event)
    if booking.is_cancelled and not event.external_id and event.attempted_at is None:
        _removed(event)
    elif booking.is_cancelled:
        _remove(event, calendar)
    elif booking.end <= now():
        raise intents.Stop(_("This booking is over, so nothing is changed any more."))
    elif event.external_id and event.calendar_id == calendar.pk:
        _move(event, calendar)
    else:
        _make(event, calendar)


def _calendar(event: BookedEvent) -> Calendar:
    """Its own; where that was disconnected, the one that receives bookings now."""
    if event.calendar is None:
        event.calendar = _for_new(event.booking)
        event.external_id = ""
    if event.calendar is None:
        raise AuthorizationLost(_("Your calendar is not connected any more: please change the event there yourself."))
    return event.calendar


def _make(event: BookedEvent, calendar: Calendar) -> None:
    """Whoever comes after us knows that we asked. The same reference makes the same event."""
    BookedEvent.objects.filter(pk=event.pk).update(attempted_at=now(), calendar=calendar)
    _shown(event, calendars.create_event(calendar, _request(event)))


def _move(event: BookedEvent, calendar: Calendar) -> None:
    try:
        shown = calendars.update_event(calendar, event.external_id, _request(event))
    except RequestRejected as rejected:
        if not rejected.missing:
            raise
        shown = calendars.create_event(calendar, _request(event))
    _shown(event, shown)


def _remove(event: BookedEvent, calendar: Calendar) -> None:
    """After an unclear answer it may be there under an id that nobody noted: asking for it again tells."""
    external_id = event.external_id or calendars.create_event(calendar, _request(event)).external_id
    calendars.delete_event(calendar, external_id)
    _removed(event)


def _shown(event: BookedEvent, shown: Event) -> None:
    _write(
        event,
        external_id=shown.external_id,
        state=BookedEventState.READY,
        settled_sequence=event.booking.sequence,
        settled_link=_link(event.booking),
        settled_at=now(),
        error="",
        error_detail="",
        **NO_CHANGE,
    )


def _removed(event: BookedEvent) -> None:
    done = {"settled_sequence": event.booking.sequence, "settled_at": now(), "error": "", "error_detail": ""}
    _write(event, state=BookedEventState.REMOVED, settled_link="", **done)


def _note(event: BookedEvent, error: ProviderError) -> None:
    _write(event, error=error.sentence, error_detail=error.detail)


def _write(event: BookedEvent, **changes: object) -> None:
    for name, value in changes.items():
        setattr(event, name, value)
    BookedEvent.objects.filter(pk=event.pk).update(**changes)


def _link(booking: Booking) -> str:
    """What the event says of where they meet; the links of our own rooms are signed anew each time."""
    meeting = booking.meeting
    return "" if booking.is_cancelled else meeting.join_url or meeting.detail or meeting.place


def _request(event: BookedEvent) -> EventRequest:
    booking = event.booking
    where = places.join_url(booking.meeting, as_host=True) or booking.meeting.detail
    return EventRequest(
        title=texts.line(f"{booking.scheduler.name}: {booking.invitee_name}"),
        start=booking.start,
        end=booking.end,
        time_zone=booking.host.time_zone,
        reference=booking.marker,
        uid=ical.uid(booking),
        description=_description(booking, where),
        location=texts.line(where or places.name(booking.meeting.place)),
    )


def _description(booking: Booking, where: str) -> str:
    by = _("Booked by %(name)s, %(email)s") % {"name": booking.invitee_name, "email": booking.invitee_email}
    parts = [by, booking.notes, _("Join: %(link)s") % {"link": where} if where else ""]
    page = _("Reschedule or cancel in Bridge: %(url)s") % {"url": ical.url(booking, as_host=True)}
    return "\n\n".join(filter(None, [*(texts.lines(part) for part in parts), page]))

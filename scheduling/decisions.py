"""Asks: what the host decides about a meeting that was changed at its provider: the booking follows, or it is put back.

Each decision names the change it is about (Meeting.change_mark), so that nobody decides about what he has not seen.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from outbox import outbox
from scheduling import bookings, cut_off, findings, places
from scheduling.exceptions import NotChangeable
from scheduling.models import BookedEvent, Booking, Change, Meeting, MeetingState
from scheduling.reader import Reader


@dataclass(frozen=True)
class Offer:
    """The choice as a page shows it. why_not_follow, why_not_restore: a sentence where one of the two cannot be."""

    title: str
    text: str
    found_at: datetime | None
    mark: str
    is_deleted: bool
    is_event: bool
    why_not_follow: str
    why_not_restore: str


def offered(booking: Booking, reader: Reader) -> Offer:
    held = _changed(booking)
    return Offer(
        title=findings.title(held),
        text=findings.consequence(held, reader),
        found_at=held.change_found_at,
        mark=held.change_mark,
        is_deleted=held.change == Change.DELETED,
        is_event=isinstance(held, BookedEvent),
        why_not_follow=why_not_follow(booking),
        why_not_restore=why_not_restore(booking),
    )


@transaction.atomic
def follow(booking: Booking, *, mark: str, by: User) -> bool:
    """The booking moves to where the meeting is. False: there is nothing to decide (any more).

    Raises NotChangeable or SlotTaken.
    """
    held = _decided(booking, mark)
    if held is None:
        return False
    if held.changed_start is None or held.changed_end is None:
        raise NotChangeable(_("It is not there any more. Make a new one, or cancel the booking."))
    bookings.follow(booking, start=held.changed_start, end=held.changed_end, by=by)
    if held == booking.meeting and booking.meeting.state == MeetingState.DETACHED:  # nothing needs to be carried over
        Meeting.objects.filter(booking=booking).update(settled_sequence=booking.sequence)
    return True


@transaction.atomic
def restore(booking: Booking, *, mark: str, by: User) -> bool:
    """The meeting is brought to what was agreed, or made anew. False and raises as above."""
    held = _decided(booking, mark)
    if held is None:
        return False
    if problem := why_not_restore(booking):
        raise NotChangeable(problem)
    held.forget_change()
    type(held).objects.filter(pk=held.pk).update(settled_sequence=-1)
    outbox.want("booked_event" if isinstance(held, BookedEvent) else "meeting", booking.pk)
    return True


def why_not_follow(booking: Booking) -> str:
    """A sentence if the booking cannot follow its meeting or its event."""
    start, end = _changed(booking).changed_start, _changed(booking).changed_end
    if start is None or end is None:
        return ""
    if start <= now():
        return _("The booking cannot move there: that time has passed.")
    if bookings.is_taken(booking, start, end):
        return _("The booking cannot move there: something else is booked then.")
    return ""


def why_not_restore(booking: Booking) -> str:
    """A sentence if it cannot be put back."""
    held, meeting = _changed(booking), booking.meeting
    if booking.end <= now():
        return _("This meeting is over; nothing about it can be changed any more.")
    if isinstance(held, BookedEvent):
        return _event_stays(held)
    if meeting.connection is None or not meeting.connection.is_usable:
        return f"{cut_off.cause(meeting.place)} {_there_yourself(meeting)}"
    if meeting.change == Change.MOVED and booking.start <= now():
        return _("The meeting cannot be put back: the time that was agreed has begun.")
    return ""


def _there_yourself(meeting: Meeting) -> str:
    text = _("Please put the meeting back there yourself, or connect %(place)s again.")
    return text % {"place": places.name(meeting.place)}


def _event_stays(event: BookedEvent) -> str:
    if event.calendar is None or not event.calendar.connection.is_usable:
        return _("Your calendar is not connected any more: please put the event back there yourself.")
    return ""


def _changed(booking: Booking) -> Meeting | BookedEvent:
    """What the page is about; its meeting, if it was decided meanwhile."""
    held = booking.changed
    return held if isinstance(held, BookedEvent) else booking.meeting


def _decided(booking: Booking, mark: str) -> Meeting | BookedEvent | None:
    """None: it was decided, or is as agreed again. Raises NotChangeable if it is another change."""
    bookings.lock(booking)
    held = _changed(booking)
    if held.change and held.change_mark != mark:
        raise NotChangeable(_("Meanwhile it was changed there once more. Please look at it again."))
    return held if held.change else None

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
from scheduling.models import Booking, Change, Meeting, MeetingState
from scheduling.reader import Reader


@dataclass(frozen=True)
class Offer:
    """The choice as a page shows it. why_not_follow, why_not_restore: a sentence where one of the two cannot be."""

    title: str
    text: str
    found_at: datetime | None
    mark: str
    is_deleted: bool
    why_not_follow: str
    why_not_restore: str


def offered(booking: Booking, reader: Reader) -> Offer:
    meeting = booking.meeting
    return Offer(
        title=findings.title(meeting),
        text=findings.consequence(meeting, reader),
        found_at=meeting.change_found_at,
        mark=meeting.change_mark,
        is_deleted=meeting.change == Change.DELETED,
        why_not_follow=why_not_follow(booking),
        why_not_restore=why_not_restore(booking),
    )


@transaction.atomic
def follow(booking: Booking, *, mark: str, by: User) -> bool:
    """The booking moves to where the meeting is. False: there is nothing to decide (any more).

    Raises NotChangeable or SlotTaken.
    """
    meeting = _changed(booking, mark)
    if meeting is None:
        return False
    if meeting.changed_start is None or meeting.changed_end is None:
        raise NotChangeable(_("The meeting is not there any more. Make a new one, or cancel the booking."))
    bookings.follow(booking, start=meeting.changed_start, end=meeting.changed_end, by=by)
    if meeting.state == MeetingState.DETACHED:  # nothing needs to be carried over
        Meeting.objects.filter(pk=meeting.pk).update(settled_sequence=booking.sequence)
    return True


@transaction.atomic
def restore(booking: Booking, *, mark: str, by: User) -> bool:
    """The meeting is brought to what was agreed, or made anew. False and raises as above."""
    meeting = _changed(booking, mark)
    if meeting is None:
        return False
    if problem := why_not_restore(booking):
        raise NotChangeable(problem)
    meeting.forget_change()
    Meeting.objects.filter(pk=meeting.pk).update(settled_sequence=-1)
    outbox.want("meeting", booking.pk)
    return True


def why_not_follow(booking: Booking) -> str:
    """A sentence if the booking cannot follow its meeting."""
    start, end = booking.meeting.changed_start, booking.meeting.changed_end
    if start is None or end is None:
        return ""
    if start <= now():
        return _("The booking cannot move there: that time has passed.")
    if bookings.is_taken(booking, start, end):
        return _("The booking cannot move there: something else is booked then.")
    return ""


def why_not_restore(booking: Booking) -> str:
    """A sentence if the meeting cannot be put back."""
    meeting = booking.meeting
    if booking.end <= now():
        return _("This meeting is over; nothing about it can be changed any more.")
    if meeting.connection is None or not meeting.connection.is_usable:
        return f"{cut_off.cause(meeting.place)} {_there_yourself(meeting)}"
    if meeting.change == Change.MOVED and booking.start <= now():
        return _("The meeting cannot be put back: the time that was agreed has begun.")
    return ""


def _there_yourself(meeting: Meeting) -> str:
    text = _("Please put the meeting back there yourself, or connect %(place)s again.")
    return text % {"place": places.name(meeting.place)}


def _changed(booking: Booking, mark: str) -> Meeting | None:
    """Its meeting. None: it was decided, or is as agreed again. Raises NotChangeable if it is another change."""
    bookings.lock(booking)
    meeting = booking.meeting
    if meeting.change and meeting.change_mark != mark:
        raise NotChangeable(_("Meanwhile the meeting was changed there once more. Please look at it again."))
    return meeting if meeting.change else None

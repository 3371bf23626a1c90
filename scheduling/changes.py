"""Does: looks whether somebody changed a meeting of ours at its provider: moved it, or deleted it.

What is found is noted and the host is told; nothing is changed for it. He decides (decisions.py).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from integrations import conferencing, retries
from integrations.types import ListedMeeting
from outbox import intents
from scheduling import bookings, following, leftovers, queries
from scheduling.models import Booking, Change, Held, Meeting, MeetingState


@dataclass(frozen=True)
class Finding:
    """The fields of a Meeting that hold it; empty: all is as agreed."""

    change: str = ""
    start: datetime | None = None
    end: datetime | None = None


@intents.settles("look")
def look(booking_id: int) -> None:
    """Not at what is on its way from us: our own changes are reported by the provider like anybody's."""
    meeting = queries.meeting(booking_id)
    if meeting is None or not is_comparable(meeting):
        return
    found = between(meeting, _read(meeting))
    if found.change and _is_young(meeting):
        raise intents.Later(_("Looking once more whether this is not our own change."), after=leftovers.CLEAR)
    if not _note(meeting, found):
        raise intents.Later(_("The booking was changed while we looked."), after=leftovers.CLEAR)


def is_comparable(meeting: Meeting) -> bool:
    """It stands at a provider as we last told it to, and still matters."""
    booking = meeting.booking
    in_step = meeting.state == MeetingState.READY and meeting.settled_sequence >= booking.sequence
    reachable = meeting.external_id and meeting.connection is not None and meeting.connection.is_usable
    return bool(in_step and reachable and not booking.is_cancelled and booking.end > now())


def between(meeting: Meeting, shown: ListedMeeting | None) -> Finding:
    """How the provider's meeting differs from the booking. One without a length is as long as was agreed."""
    if shown is None:
        return gone()
    return compared(meeting.booking, shown.start, shown.start + (shown.duration or meeting.booking.duration))


def gone() -> Finding:
    return Finding(Change.DELETED.value)


def compared(booking: Booking, start: datetime, end: datetime) -> Finding:
    """What stands elsewhere for the booking is from `start` to `end`."""
    if (start, end) == (booking.start, booking.end):
        return Finding()
    return Finding(Change.MOVED.value, start, end)


def noted(held: Held) -> Finding:
    return Finding(held.change, held.changed_start, held.changed_end)


def _read(meeting: Meeting) -> ListedMeeting | None:
    assert meeting.connection is not None
    with retries.left_to_the_outbox():
        return conferencing.read_meeting(meeting.connection, meeting.external_id)


def _is_young(meeting: Meeting) -> bool:
    """We have only just changed it ourselves: the provider may still show what was before."""
    return meeting.settled_at is not None and now() - meeting.settled_at < leftovers.CLEAR


@transaction.atomic
def _note(meeting: Meeting, found: Finding) -> bool:
    """False: meanwhile it is not the meeting any more that was looked at. Told once for each finding."""
    looked_at = _stand(meeting)
    bookings.lock(meeting.booking)
    current = Meeting.objects.select_related("booking", "connection__grant").filter(booking=meeting.booking_id).first()
    if current is None or _stand(current) != looked_at:
        return False
    if found == noted(current):
        return True
    if not found.change:
        current.forget_change()
        return True
    current.note_change(found.change, found.start, found.end)
    following.act(current)
    return True


def _stand(meeting: Meeting) -> tuple[object, ...]:
    """What any change of our own would change."""
    booking = meeting.booking
    settled = meeting.external_id, meeting.state, meeting.settled_sequence, meeting.settled_at
    return (meeting.pk, *settled, booking.sequence, booking.status)

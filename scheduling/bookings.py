"""Asks: book, move, follow, cancel, choose another place. What follows for the outside world is owed, not awaited."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from outbox import outbox
from scheduling import booked_events, cells, intervals, leftovers, news, places, reasons, slots, texts
from scheduling.exceptions import NotChangeable, NotOffered, SlotTaken
from scheduling.models import BookedEvent, Booking, BookingStatus, EventType, Meeting, MeetingState, Scheduler
from scheduling.places import Place
from scheduling.types import InviteeDetails

PATIENCE = timedelta(seconds=15)
"""How long a mail waits for the join link; the meeting brings it forward as soon as it is ready."""


def book(scheduler: Scheduler, *, start: datetime, duration: int, invitee: InviteeDetails, key: UUID) -> Booking:
    """Reserve `start` (aware) for `duration` minutes; the join link and the mails follow in the background.

    The same `key` twice is one submission and gives one booking. Raises SlotTaken or NotOffered.
    """
    earlier = submitted(scheduler, key)
    if earlier is not None:
        return earlier
    try:
        return _book(scheduler, start, duration, invitee, key)
    except (
        IntegrityError
    ):  # somebody was quicker between our look and our insert; perhaps the same person's other click
        earlier = submitted(scheduler, key)
        if earlier is None:
            raise SlotTaken from None
        return earlier


def submitted(scheduler: Scheduler, key: UUID) -> Booking | None:
    """What an earlier sending of this very form has booked."""
    return Booking.objects.filter(scheduler=scheduler, submission_key=key).first()


def reschedule(booking: Booking, *, start: datetime, by: User | None) -> None:
    """Move it to `start` (aware), as long as it was; its own time counts as free. `by` None: the invitee.

    Raises NotChangeable, SlotTaken or NotOffered.
    """
    try:
        _reschedule(booking, start)
    except IntegrityError:
        booking.refresh_from_db()
        raise SlotTaken from None


def follow(booking: Booking, *, start: datetime, end: datetime, by: User) -> None:
    """Move it to where its host has put the meeting, whatever the scheduler offers.

    Raises NotChangeable, also for a time that has passed, or SlotTaken.
    """
    try:
        _follow(booking, start, end)
    except IntegrityError:
        booking.refresh_from_db()
        raise SlotTaken from None


@transaction.atomic
def cancel(booking: Booking, *, by: User | None, reason: str = "") -> None:
    """Give its time back. Doing it twice is once. `by` None: the invitee. Raises NotChangeable if it is over."""
    lock(booking)
    if booking.is_cancelled:
        return
    _refuse_if_over(booking)
    booking.status = BookingStatus.CANCELLED
    booking.cancelled_at = now()
    booking.cancelled_by_host = by is not None
    booking.cancel_reason = texts.lines(reason)[:500]
    booking.sequence += 1
    booking.save(update_fields=["status", "cancelled_at", "cancelled_by_host", "cancel_reason", "sequence"])
    cells.give_back(booking)
    _forget_changes(booking)
    _owe(booking, patience=_patience(booking.meeting))
    news.tell(EventType.BOOKING_CANCELLED, booking)


@transaction.atomic
def retry(booking: Booking, *, by: User) -> None:
    """Bring the meeting in step now, not later."""
    Meeting.objects.filter(booking=booking, state=MeetingState.FAILED).update(state=MeetingState.WAITING)
    outbox.want("meeting", booking.pk)
    booked_events.owe(booking, after=timedelta(0))


@transaction.atomic
def choose_place(booking: Booking, place: Place, *, by: User) -> None:
    """Hold the meeting elsewhere, and clear the old place. Raises NotChangeable unless that is missing or cut off."""
    lock(booking)
    _refuse_if_cancelled(booking)
    _refuse_if_over(booking)
    if not may_choose_place(booking):
        raise NotChangeable(_("The meeting exists already, and its link works."))
    leftovers.clear(booking.meeting)
    Meeting.objects.filter(booking=booking).delete()
    meeting = _open(booking, place)
    _owe(booking, patience=_patience(meeting))
    if place.is_ours:
        news.tell(EventType.BOOKING_READY, booking)


def may_choose_place(booking: Booking) -> bool:
    """Only where the host must act: a link that people hold and that is kept up to date is not swapped."""
    meeting = booking.meeting
    stuck = meeting.place not in places.OURS and not meeting.join_url
    return not booking.is_cancelled and (stuck or meeting.state == MeetingState.DETACHED)


def lock(booking: Booking) -> None:
    """The host first, then the booking, read again as it is now."""
    cells.lock([booking.host_id])
    booking.refresh_from_db(from_queryset=Booking.objects.select_for_update(of=("self",)))


def is_taken(booking: Booking, start: datetime, end: datetime) -> bool:
    """Whether its host has something else then, buffers included."""
    return cells.are_taken(booking.host_id, *_busy(booking.scheduler, start, end), but=booking)


@transaction.atomic
def _book(scheduler: Scheduler, start: datetime, duration: int, invitee: InviteeDetails, key: UUID) -> Booking:
    cells.lock([scheduler.host_id])
    earlier = submitted(scheduler, key)
    if earlier is not None:
        return earlier
    _check(scheduler, start, duration)
    booking = Booking(
        organization=scheduler.organization,
        scheduler=scheduler,
        host=scheduler.host,
        invitee_name=texts.line(invitee.name),
        invitee_email=invitee.email,
        invitee_time_zone=invitee.time_zone,
        invitee_language=invitee.language,
        notes=texts.lines(invitee.notes),
        submission_key=key,
    )
    _place_in_time(booking, start, timedelta(minutes=duration))
    booking.save()
    cells.take(booking)
    meeting = _open(booking, places.resolve(scheduler))
    _owe(booking, patience=_patience(meeting))
    news.tell(EventType.BOOKING_CREATED, booking)
    return booking


@transaction.atomic
def _reschedule(booking: Booking, start: datetime) -> None:
    lock(booking)
    _refuse_if_cancelled(booking)
    _refuse_if_over(booking)
    if start == booking.start:
        return
    _check(booking.scheduler, start, booking.duration // intervals.MINUTE, moving=booking)
    _put(booking, start, booking.duration)


@transaction.atomic
def _follow(booking: Booking, start: datetime, end: datetime) -> None:
    lock(booking)
    _refuse_if_cancelled(booking)
    _refuse_if_over(booking)
    if start <= now():
        raise NotChangeable(_("This time has passed; nothing was changed."))
    _put(booking, start, end - start)


def _put(booking: Booking, start: datetime, duration: timedelta) -> None:
    _place_in_time(booking, start, duration)
    booking.sequence += 1
    booking.save(update_fields=["start", "end", "busy_start", "busy_end", "sequence"])
    cells.give_back(booking)
    cells.take(booking)
    _forget_changes(booking)
    _owe(booking, patience=_patience(booking.meeting))
    news.tell(EventType.BOOKING_MOVED, booking)


def _check(scheduler: Scheduler, start: datetime, duration: int, *, moving: Booking | None = None) -> None:
    found = slots.why_not(scheduler, start, duration, moving=moving)
    if found and all(reason.rule in reasons.TAKEN for reason in found):
        raise SlotTaken
    if found:
        raise NotOffered(found)


def _refuse_if_cancelled(booking: Booking) -> None:
    if booking.is_cancelled:
        raise NotChangeable(_("This booking was cancelled; nothing about it can be changed any more."))


def _refuse_if_over(booking: Booking) -> None:
    if booking.end <= now():
        raise NotChangeable(_("This meeting is over; nothing about it can be changed any more."))


def _place_in_time(booking: Booking, start: datetime, duration: timedelta) -> None:
    booking.start, booking.end = start, start + duration
    booking.busy_start, booking.busy_end = _busy(booking.scheduler, booking.start, booking.end)


def _busy(scheduler: Scheduler, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """With the buffers, rounded outward to whole cells."""
    before, after = timedelta(minutes=scheduler.buffer_before), timedelta(minutes=scheduler.buffer_after)
    return cells.around(start - before, end + after)


def _open(booking: Booking, place: Place) -> Meeting:
    """The meeting as it was decided when it was booked; a later change of defaults does not touch it."""
    return Meeting.objects.create(
        booking=booking,
        place=place.key,
        detail=place.detail,
        why=place.why,
        connection=place.connection,
        account_email=place.account,
        join_url=place.detail if place.key == places.LINK else "",
        state=MeetingState.READY if place.is_ours else MeetingState.WAITING,
        settled_sequence=booking.sequence if place.is_ours else -1,
    )


def _patience(meeting: Meeting) -> timedelta:
    return timedelta(0) if meeting.place in places.OURS else PATIENCE


def _forget_changes(booking: Booking) -> None:
    """What was found changed elsewhere is brought to what holds now."""
    for held in (*Meeting.objects.filter(booking=booking), *BookedEvent.objects.filter(booking=booking)):
        held.forget_change()


def _owe(booking: Booking, *, patience: timedelta) -> None:
    outbox.want("meeting", booking.pk)
    outbox.want("booking_mails", booking.pk, after=patience)
    booked_events.owe(booking, after=patience)

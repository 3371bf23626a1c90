"""The bookings of a host as a list: today, upcoming, past, cancelled, and those that need somebody."""

from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Count, F, Q, QuerySet
from django.utils.timezone import now

from accounts.models import User
from scheduling.models import BookedEventState, Booking, BookingStatus, MeetingState

CONFIRMED = Q(status=BookingStatus.CONFIRMED)
BEHIND = Q(meeting__settled_sequence__lt=F("sequence"))
CHANGED = CONFIRMED & (Q(meeting__change__gt="") | Q(booked_event__change__gt=""))
UNWRITTEN = Q(booked_event__state=BookedEventState.FAILED)
UNHAPPY = Q(meeting__state=MeetingState.FAILED) | BEHIND & ~Q(meeting__error="") | CHANGED | UNWRITTEN
"""Its place is missing, or does not say what the booking says, and we know why; or somebody changed it there."""


class Show(Enum):
    TODAY = "today"
    UPCOMING = "upcoming"
    PAST = "past"
    CANCELLED = "cancelled"
    ATTENTION = "attention"


def select(bookings: QuerySet[Booking], show: Show, *, reader: User) -> QuerySet[Booking]:
    """In the order in which one looks for them. "Today" is the reader's."""
    newest_first = show in (Show.PAST, Show.CANCELLED)
    found = bookings.filter(_condition(show, reader))
    return found.order_by("-start", "-pk") if newest_first else found.order_by("start", "pk")


def counts(bookings: QuerySet[Booking], *, reader: User) -> dict[str, int]:
    """How many there are of each, in one query."""
    wanted = {show.value: Count("pk", filter=_condition(show, reader)) for show in Show}
    return bookings.aggregate(**wanted)


def search(bookings: QuerySet[Booking], *, text: str, scheduler: str) -> QuerySet[Booking]:
    """By the invitee's name or address, and by the scheduler's address; what is empty does not narrow."""
    if text:
        bookings = bookings.filter(Q(invitee_name__icontains=text) | Q(invitee_email__icontains=text))
    return bookings.filter(scheduler__slug=scheduler) if scheduler else bookings


def _condition(show: Show, reader: User) -> Q:
    moment = now()
    midnight = moment.astimezone(reader.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    match show:
        case Show.TODAY:
            return CONFIRMED & Q(start__lt=_next_midnight(midnight), end__gt=midnight)
        case Show.UPCOMING:
            return CONFIRMED & Q(end__gt=moment)
        case Show.PAST:
            return CONFIRMED & Q(end__lte=moment)
        case Show.CANCELLED:
            return Q(status=BookingStatus.CANCELLED)
        case Show.ATTENTION:
            return Q(end__gt=moment) & UNHAPPY


def _next_midnight(midnight: datetime) -> datetime:
    """A day of the wall clock later, which need not be 24 hours."""
    return midnight + timedelta(days=1)

"""The bookings of a host as a list: today, upcoming, past, cancelled, and those that need somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import groupby

from django.db.models import Count, F, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from outbox.models import Intent
from scheduling import places
from scheduling.models import Booking, BookingStatus, MeetingState

CONFIRMED = Q(status=BookingStatus.CONFIRMED)
BEHIND = Q(meeting__settled_sequence__lt=F("sequence"))
UNHAPPY = Q(meeting__state=MeetingState.FAILED) | BEHIND & ~Q(meeting__error="")
"""Its place is missing, or does not say what the booking says, and we know why."""


class Show(Enum):
    TODAY = "today"
    UPCOMING = "upcoming"
    PAST = "past"
    CANCELLED = "cancelled"
    ATTENTION = "attention"


@dataclass(frozen=True)
class Entry:
    """A booking with what a host wants to know about it."""

    booking: Booking
    join_url: str
    intent: Intent | None

    @property
    def state(self) -> str:
        """Of the place: ready, waiting, failed, or off where there is nothing to meet in."""
        meeting = self.booking.meeting
        behind = meeting.settled_sequence < self.booking.sequence
        if meeting.state == MeetingState.REMOVED or (self.booking.is_cancelled and not behind):
            return "off"
        if meeting.state == MeetingState.FAILED or (meeting.state == MeetingState.DETACHED and behind):
            return "failed"
        return "waiting" if behind or meeting.state == MeetingState.WAITING else "ready"

    @property
    def state_in_words(self) -> str:
        meeting = self.booking.meeting
        if self.state == "waiting":
            return _("Trying again") if meeting.error else _("Being prepared")
        if self.state == "failed":
            return _("Needs you")
        if self.state == "off":
            return _("Nothing to join")
        return _("Kept, no longer connected") if meeting.state == MeetingState.DETACHED else _("Ready")

    @property
    def place(self) -> str:
        """The place and the account that hosts: "Zoom · mina@example.org"."""
        meeting = self.booking.meeting
        return " · ".join(filter(None, [places.name(meeting.place), meeting.account_email or meeting.detail]))

    @property
    def next_try(self) -> datetime | None:
        """When the provider is asked again by itself; None: never, or there is nothing to do."""
        intent = self.intent
        owed = intent is not None and not intent.stopped and intent.settled < intent.wanted
        return intent.due_at if intent and owed else None

    @property
    def can_retry(self) -> bool:
        return self.booking.end > now() and (self.state == "failed" or (self.state == "waiting" and self._has_failed))

    @property
    def _has_failed(self) -> bool:
        return bool(self.booking.meeting.error or (self.intent and self.intent.last_error))


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


def entries(bookings: Iterable[Booking]) -> list[Entry]:
    """One query for all their intents."""
    found = list(bookings)
    intents = {intent.subject: intent for intent in _intents(found)}
    return [Entry(booking, _join_url(booking), intents.get(booking.pk)) for booking in found]


def by_day(entries: Iterable[Entry], *, reader: User) -> list[tuple[date, list[Entry]]]:
    """In the order given, under the dates on which they start where the reader is."""
    return [(day, list(group)) for day, group in groupby(entries, lambda entry: _day(entry, reader))]


def entry(booking: Booking) -> Entry:
    return entries([booking])[0]


def _day(entry: Entry, reader: User) -> date:
    return entry.booking.start.astimezone(reader.zone).date()


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


def _intents(bookings: list[Booking]) -> QuerySet[Intent]:
    return Intent.objects.filter(kind="meeting", subject__in=[booking.pk for booking in bookings])


def _join_url(booking: Booking) -> str:
    """Nothing to join once it is over or cancelled."""
    if booking.is_cancelled or booking.end <= now():
        return ""
    return places.join_url(booking.meeting, as_host=True)

"""Bookings as a host reads them: the state of the place in words, the link, what is still being tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from outbox.models import Intent
from scheduling import places
from scheduling.models import BookedEvent, BookedEventState, Booking, Change, MeetingState
from scheduling.reader import Reader


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
        if self.is_changed:
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
    def is_changed(self) -> bool:
        """Somebody moved or deleted its meeting or its event elsewhere, and it matters still."""
        booking = self.booking
        return booking.changed is not None and not booking.is_cancelled and booking.end > now()

    @property
    def place(self) -> str:
        """The place and the account that hosts: "Zoom · mina@example.org"."""
        meeting = self.booking.meeting
        return " · ".join(filter(None, [places.name(meeting.place), meeting.account_email or meeting.detail]))

    @property
    def event(self) -> BookedEvent | None:
        """What stands for it in the host's calendar; None if he had none, or it is over or called off."""
        event = getattr(self.booking, "booked_event", None)
        is_past = self.booking.end <= now() or (event and event.state == BookedEventState.REMOVED)
        return None if is_past else event

    @property
    def event_tone(self) -> str:
        states = {BookedEventState.READY: "ready", BookedEventState.WAITING: "waiting"}
        return states.get(BookedEventState(self.event.state), "failed") if self.event else "off"

    @property
    def next_try(self) -> datetime | None:
        """When the provider is asked again by itself; None: never, or there is nothing to do."""
        intent = self.intent
        owed = intent is not None and not intent.stopped and intent.settled < intent.wanted
        return intent.due_at if intent and owed else None

    @property
    def is_due(self) -> bool:
        return self.next_try is not None and self.next_try <= now()

    @property
    def can_retry(self) -> bool:
        if self.is_changed:
            return False  # to try again is not the question
        return self.booking.end > now() and (self.state == "failed" or (self.state == "waiting" and self._has_failed))

    @property
    def _has_failed(self) -> bool:
        return bool(self.booking.meeting.error or (self.intent and self.intent.last_error))


def of(bookings: Iterable[Booking]) -> list[Entry]:
    """One query for all their intents."""
    found = list(bookings)
    intents = {intent.subject: intent for intent in _intents(found)}
    return [Entry(booking, join_url(booking), intents.get(booking.pk)) for booking in found]


def by_day(entries: Iterable[Entry], *, reader: Reader) -> list[tuple[date, list[Entry]]]:
    """In the order given, under the dates on which they start where the reader is."""
    return [(day, list(group)) for day, group in groupby(entries, lambda entry: _day(entry, reader))]


def join_url(booking: Booking) -> str:
    """Nothing to join once it is over or cancelled, or deleted at its provider."""
    if booking.is_cancelled or booking.end <= now() or booking.meeting.change == Change.DELETED:
        return ""
    return places.join_url(booking.meeting, as_host=True)


def _day(entry: Entry, reader: Reader) -> date:
    return reader.local(entry.booking.start).date()


def _intents(bookings: list[Booking]) -> QuerySet[Intent]:
    return Intent.objects.filter(kind="meeting", subject__in=[booking.pk for booking in bookings])

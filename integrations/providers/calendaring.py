"""What a provider of calendars and address books promises (base.py has the rest)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

from requests import Session

from integrations.types import (
    Contact,
    ContactPage,
    ContactRequest,
    Event,
    EventPage,
    EventRequest,
    ListedCalendar,
    Push,
    PushRequest,
    Watched,
)


class Pushes(Protocol):
    """How a provider tells that something changed in a calendar; what changed, we ask."""

    life: timedelta
    """How long a watch may be asked for."""

    def watch(self, http: Session, calendar_id: str, *, address: str, secret: str, watch_id: str) -> Watched:
        """Ask to be told at `address`. `watch_id` is ours, new each time; it is known before the first word comes.

        Raises RequestRejected for a calendar that cannot be watched.
        """

    def renew(self, http: Session, watched: Watched) -> Watched | None:
        """For another `life`; None where only a new watch helps."""

    def stop(self, http: Session, watched: Watched) -> None:
        """One that is gone already counts as stopped."""

    def handshake(self, asked: PushRequest) -> str | None:
        """The plain text that a provider wants to hear before it believes in our address; None if it asks nothing."""

    def read(self, asked: PushRequest) -> list[Push]:
        """What it says, of which watch. The secrets are compared by the caller."""


class Calendaring(Protocol):
    """`http` is an authorised session; ids are the provider's. Calls raise our four errors.

    pushes: None where we have to look now and then.
    """

    pushes: Pushes | None

    def list_calendars(self, http: Session) -> list[ListedCalendar]:
        """Those that the person can see, the main one first."""

    def changes(
        self, http: Session, calendar_id: str, *, window: tuple[datetime, datetime], since: str = ""
    ) -> Iterator[EventPage]:
        """What changed after the sync token `since`; without it, all that lies in `window` (aware). Series come as
        their instances in the window.

        Raises SyncTokenLost, before or between pages.
        """

    def events(self, http: Session, calendar_id: str, start: datetime, end: datetime) -> list[Event]:
        """As they stand now, in [start, end), instances of series among them: the last look before a booking."""

    def read_event(self, http: Session, calendar_id: str, external_id: str) -> Event | None:
        """None if it is gone."""

    def create_event(self, http: Session, calendar_id: str, request: EventRequest) -> Event:
        """Asked again with the same reference, it is still one event, brought to what the request says; one that
        somebody deleted meanwhile is made anew.
        """

    def update_event(self, http: Session, calendar_id: str, external_id: str, request: EventRequest) -> Event:
        """Bring title, times, place, description to what the request says; attendees and answers stay.

        RequestRejected with `missing` if it is gone.
        """

    def delete_event(self, http: Session, calendar_id: str, external_id: str) -> None:
        """One that is gone already counts as deleted. Nobody is written to."""


class Contacts(Protocol):
    def changes(self, http: Session, *, since: str = "") -> Iterator[ContactPage]:
        """What changed after the sync token `since`; without it, everybody. Raises SyncTokenLost."""

    def create_contact(self, http: Session, request: ContactRequest) -> Contact: ...

"""The desk (desks.py) of a Microsoft account."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from requests import Session

from integrations import sessions
from integrations.models import Connection
from integrations.providers.microsoft.calendar import Calendars
from integrations.simulators.microsoft import identifiers
from integrations.simulators.microsoft.simulator import MicrosoftSimulator


@dataclass
class MicrosoftDesk:
    http: Session
    simulator: MicrosoftSimulator
    whose: str = "carla@contoso.example"

    def __post_init__(self) -> None:
        self.calendaring = Calendars()
        self.calendar_id = self.simulator.calendar(self.whose).id

    def add(self, title: str, start: datetime, end: datetime, *, private: bool = False, free: bool = False) -> str:
        how: dict[str, Any] = {"sensitivity": "private" if private else "normal", "showAs": "free" if free else "busy"}
        return self.simulator.add_event(self.whose, start, end, subject=title, **how).immutable_id

    def repeat(self, title: str, start: datetime, end: datetime, *, weeks: int) -> str:
        pattern = {"type": "weekly", "interval": 1, "daysOfWeek": [f"{start:%A}".lower()]}
        span = {"type": "numbered", "numberOfOccurrences": weeks}
        made = self.simulator.add_series(self.whose, start, pattern, range=span, end=end, subject=title, zone="UTC")
        return made.immutable_id

    def move(self, event_id: str, by: timedelta) -> None:
        _master, at = identifiers.split(event_id)
        event = self.simulator.event(event_id)
        start = (at or event.start) + by
        self.simulator.change_event(event, at=at, start=start)

    def delete(self, event_id: str) -> None:
        self.simulator.delete_event(self.simulator.event(event_id))

    def forget(self) -> None:
        self.simulator.forget_delta_tokens()


@contextmanager
def opened(simulator: MicrosoftSimulator, connection: Connection) -> Iterator[MicrosoftDesk]:
    with sessions.of(connection) as http:
        yield MicrosoftDesk(http, simulator)

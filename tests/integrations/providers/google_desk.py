"""Olga's account at the simulated Google, for the promises that all calendars keep (desks.py)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from requests import Session

from integrations import sessions
from integrations.providers.calendaring import Calendaring
from integrations.providers.google.calendar import Calendars
from integrations.providers.google.provider import Google
from integrations.simulators.google.simulator import GoogleSimulator
from integrations.types import Token


@dataclass
class GoogleDesk:
    http: Session
    simulator: GoogleSimulator
    calendar_id: str = "olga@harbour.example"

    def __post_init__(self) -> None:
        self.calendaring: Calendaring = Calendars()

    def add(self, title: str, start: datetime, end: datetime, *, private: bool = False, free: bool = False) -> str:
        more: dict[str, Any] = {"visibility": "private" if private else "default"}
        more |= {"transparency": "transparent"} if free else {}
        return self.simulator.make(self.calendar_id, summary=title, **_moments(start, end), **more).id

    def repeat(self, title: str, start: datetime, end: datetime, *, weeks: int) -> str:
        rule: dict[str, Any] = {"recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={weeks}"]}
        return self.simulator.make(self.calendar_id, summary=title, **_moments(start, end), **rule).id

    def move(self, event_id: str, by: timedelta) -> None:
        self.simulator.move(self.calendar_id, event_id, seconds=by.total_seconds())

    def delete(self, event_id: str) -> None:
        self.simulator.delete(self.calendar_id, event_id)

    def forget(self) -> None:
        self.simulator.expire_sync_tokens()


def _moments(start: datetime, end: datetime) -> dict[str, dict[str, str]]:
    return {name: {"dateTime": at.isoformat(), "timeZone": "UTC"} for name, at in (("start", start), ("end", end))}


@contextmanager
def opened(simulator: GoogleSimulator) -> Iterator[GoogleDesk]:
    """As Olga, with a token that needs no consent page."""
    token = simulator.token_for("olga@harbour.example")
    given = Token(token, "none", timedelta(hours=1), datetime.now(UTC), frozenset())
    with sessions.by(Google(), given) as http:
        yield GoogleDesk(http, simulator)

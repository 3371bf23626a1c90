"""What the promises of calendars (test_calendar_contract.py) need of each provider: an open session, and its owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from requests import Session

from integrations.providers.caldav.calendar import Calendars as CalDavCalendars
from integrations.providers.caldav.provider import CalDav
from integrations.providers.calendaring import Calendaring
from integrations.providers.exchange.calendar import Calendars
from integrations.providers.exchange.online import Office365
from integrations.providers.exchange.provider import Exchange
from integrations.simulators.exchange.app import PATH
from integrations.simulators.exchange.simulator import PASSWORD, SERVICE, ExchangeSimulator
from integrations.simulators.server import SimulatorServer
from integrations.types import Login
from tests.integrations.providers import caldav_server


class Desk(Protocol):
    """An account at a provider, opened by Bridge (http, calendar_id: its main calendar), and what its owner does there
    without Bridge. Ids are the provider's; of a series, what Event.series_id calls it.
    """

    http: Session
    calendaring: Calendaring
    calendar_id: str

    def add(self, title: str, start: datetime, end: datetime, *, private: bool = False, free: bool = False) -> str: ...

    def repeat(self, title: str, start: datetime, end: datetime, *, weeks: int) -> str:
        """A weekly series."""

    def move(self, event_id: str, by: timedelta) -> None: ...

    def delete(self, event_id: str) -> None:
        """Of a series: all of it."""

    def forget(self) -> None:
        """The provider forgets what it has told us."""


@dataclass
class ExchangeDesk:
    http: Session
    simulator: ExchangeSimulator
    whose: str = "mina@corp.example"

    def __post_init__(self) -> None:
        self.calendaring: Calendaring = Calendars()
        self.calendar_id = self.simulator.calendar(self.whose).id

    def add(self, title: str, start: datetime, end: datetime, *, private: bool = False, free: bool = False) -> str:
        how = {"sensitivity": "Private" if private else "Normal", "free_busy": "Free" if free else "Busy"}
        return self.simulator.add_event(self.whose, title, start, end, **how).id

    def repeat(self, title: str, start: datetime, end: datetime, *, weeks: int) -> str:
        return self.simulator.add_event(self.whose, title, start, end, rule=f"FREQ=WEEKLY;COUNT={weeks}").uid

    def move(self, event_id: str, by: timedelta) -> None:
        self.simulator.move_event(self.whose, self._item(event_id), by)

    def delete(self, event_id: str) -> None:
        self.simulator.delete_event(self.whose, self._item(event_id))

    def forget(self) -> None:
        self.simulator.forget_states(self.whose)

    def _item(self, event_id: str) -> str:
        return next((one.id for one in self.simulator.events(self.whose) if one.uid == event_id), event_id)


@contextmanager
def exchange(simulator: ExchangeSimulator) -> Iterator[ExchangeDesk]:
    """As the service account, in Mina's mailbox."""
    with SimulatorServer(simulator) as server:
        login = Login(server.url + PATH, SERVICE, PASSWORD, acting_for="mina@corp.example")
        with Exchange().session(login) as http:
            yield ExchangeDesk(http, simulator)


@contextmanager
def office365_ews(simulator: ExchangeSimulator, settings: Any) -> Iterator[ExchangeDesk]:
    """As an application with a token, in Mina's mailbox."""
    simulator.to_the_cloud("app", "app-secret")
    with SimulatorServer(simulator) as server:
        settings.MICROSOFT_OAUTH_URL = server.url
        login = Login(server.url + PATH, "tenant/app", "app-secret", acting_for="mina@corp.example", version="online")
        with Office365().session(login) as http:
            yield ExchangeDesk(http, simulator)


@dataclass
class CalDavDesk(caldav_server.Owner):
    http: Session

    def __post_init__(self) -> None:
        self.calendaring = CalDavCalendars()
        self.calendar_id = self.calendar

    def delete(self, event_id: str) -> None:
        self.person.delete(event_id)

    def forget(self) -> None:
        self.person.forget(self.calendar)


@contextmanager
def caldav(person: caldav_server.Person, *, at: str = "") -> Iterator[CalDavDesk]:
    calendar = person.calendar()
    login = Login((at or person.server.url) + person.home, person.name, caldav_server.PASSWORD)
    with CalDav().session(login) as http:
        yield CalDavDesk(person, calendar, http)

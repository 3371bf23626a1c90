"""An open account at each provider that has calendars: the fixture desk_<key>."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.simulators.exchange.simulator import ExchangeSimulator
from integrations.simulators.google.simulator import GoogleSimulator
from integrations.simulators.server import SimulatorServer
from tests.integrations.providers import caldav_server, desks, google_desk
from tests.integrations.providers.caldav_relay import Relay


@pytest.fixture
def private_servers(settings: Any) -> None:
    """The operator allows this machine, where the simulators are."""
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]


@pytest.fixture
def exchange() -> ExchangeSimulator:
    return ExchangeSimulator()


@pytest.fixture
def desk_exchange(db: None, private_servers: None, exchange: ExchangeSimulator) -> Iterator[desks.ExchangeDesk]:
    with desks.exchange(exchange) as desk:
        yield desk


@pytest.fixture
def desk_office365_ews(
    db: None, private_servers: None, exchange: ExchangeSimulator, settings: Any
) -> Iterator[desks.ExchangeDesk]:
    with desks.office365_ews(exchange, settings) as desk:
        yield desk


@pytest.fixture(scope="session")
def caldav_servers() -> Iterator[caldav_server.Server]:
    """One for all tests that ask for it."""
    with caldav_server.running() as server:
        yield server


@pytest.fixture
def calendar_person(caldav_servers: caldav_server.Server) -> caldav_server.Person:
    return caldav_servers.person()


@pytest.fixture
def desk_caldav(db: None, private_servers: None, calendar_person: caldav_server.Person) -> Iterator[desks.CalDavDesk]:
    with desks.caldav(calendar_person) as desk:
        yield desk


@pytest.fixture
def relay(caldav_servers: caldav_server.Server) -> Relay:
    return Relay(caldav_servers.url)


@pytest.fixture
def desk_relayed(
    db: None, private_servers: None, calendar_person: caldav_server.Person, relay: Relay
) -> Iterator[desks.CalDavDesk]:
    """Bridge's words go through the relay; the owner's do not."""
    with SimulatorServer(relay) as server, desks.caldav(calendar_person, at=server.url) as desk:
        yield desk


@pytest.fixture
def desk_google(db: None, google: GoogleSimulator) -> Iterator[google_desk.GoogleDesk]:
    with google_desk.opened(google) as desk:
        yield desk

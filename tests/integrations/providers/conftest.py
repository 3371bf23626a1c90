"""An open account at each provider that has calendars: the fixture desk_<key>."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.simulators.exchange.simulator import ExchangeSimulator
from tests.integrations.providers import desks


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

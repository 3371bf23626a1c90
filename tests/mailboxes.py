"""Mina's mailbox at a simulated Exchange server, connected to Bridge."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Membership
from integrations import password_connections, registry
from integrations.models import Calendar, Connection
from integrations.simulators.exchange.app import PATH
from integrations.simulators.exchange.records import Item
from integrations.simulators.exchange.simulator import ExchangeSimulator
from integrations.simulators.server import SimulatorServer
from integrations.types import Login

WHOSE = "mina@corp.example"


@dataclass
class Mailbox:
    """What its owner does in Outlook. Calendars are named by their names."""

    simulator: ExchangeSimulator
    url: str

    def connect(self, member: Membership) -> Connection:
        provider = registry.password("exchange")
        login = Login(self.url + PATH, WHOSE, "mina-password", version=provider.versions[0][0])
        return password_connections.connect(member, provider, login)

    def add(self, title: str, start: datetime, *, minutes: int = 60, **how: Any) -> Item:
        return self.simulator.add_event(WHOSE, title, start, start + timedelta(minutes=minutes), **how)

    def requests(self) -> int:
        return len(self.simulator.calls)


@contextmanager
def running() -> Iterator[Mailbox]:
    simulator = ExchangeSimulator()
    with SimulatorServer(simulator) as server:
        yield Mailbox(simulator, server.url)


def main(member: Membership) -> Calendar:
    return Calendar.objects.get(membership=member, is_main=True)

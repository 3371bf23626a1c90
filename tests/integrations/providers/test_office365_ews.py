"""Microsoft 365 through EWS: by token alone, where it is still let in, and not beyond its end."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from integrations.exceptions import AuthorizationLost, ProviderUnavailable, RequestRejected
from integrations.providers.exchange import online
from integrations.providers.exchange.calendar import Calendars
from integrations.providers.exchange.online import Office365
from integrations.simulators.exchange.app import PATH
from integrations.simulators.exchange.simulator import PASSWORD, SERVICE, ExchangeSimulator
from integrations.simulators.server import SimulatorServer
from integrations.types import Login
from tests.integrations.typed_servers import Resolver

MINA = "mina@corp.example"
pytestmark = pytest.mark.usefixtures("private_servers", "db")


@pytest.fixture
def login(exchange: ExchangeSimulator, settings: Any) -> Iterator[Callable[..., Login]]:
    """The application app of a tenant, for Mina."""
    exchange.to_the_cloud("app", "app-secret")
    with SimulatorServer(exchange) as server:
        settings.MICROSOFT_OAUTH_URL = server.url
        ours = Login(server.url + PATH, "tenant/app", "app-secret", acting_for=MINA, version="online")
        yield lambda **how: replace(ours, **how)


def listed(login: Login) -> list[str]:
    with Office365().session(login) as http:
        return [calendar.name for calendar in Calendars().list_calendars(http)]


@pytest.mark.row("ZM-7")
def test_an_application_opens_the_mailbox_of_a_member(exchange, login):
    assert listed(login()) == ["Calendar"]
    assert {call.who for call in exchange.calls if call.operation} == {MINA}


def test_the_token_is_kept_while_it_lives(exchange, login):
    for _time in range(3):
        listed(login())

    assert [call.path for call in exchange.calls].count("/tenant/oauth2/v2.0/token") == 1


def test_a_token_that_is_not_taken_any_more_is_exchanged_for_another(exchange, login):
    assert listed(login()) == ["Calendar"]
    exchange.world.tokens.clear()

    with pytest.raises(ProviderUnavailable):
        listed(login())
    assert listed(login()) == ["Calendar"]


def test_without_saying_whose_mailbox_it_is_refused(login):
    with pytest.raises(RequestRejected):
        listed(login(acting_for=""))


def test_where_it_is_switched_off_it_says_what_to_use_instead(exchange, login):
    exchange.switches.allowed_apps = None

    with pytest.raises(RequestRejected, match="use Microsoft 365"):
        listed(login())


@pytest.mark.row("ZM-35")
def test_no_password_is_taken(exchange, login):
    with pytest.raises(RequestRejected, match="tenant"):
        listed(login(username=SERVICE, password=PASSWORD))

    assert exchange.calls == []


def test_a_secret_that_is_refused_ends_the_access(login):
    with pytest.raises(AuthorizationLost, match="secret"):
        listed(login(password="another"))


def test_no_answer_about_the_token_is_no_refusal(exchange, login):
    exchange.faults.add("status", status=503, path="/tenant/*")

    with pytest.raises(ProviderUnavailable):
        listed(login())


def test_the_address_is_the_clouds(login, monkeypatch):
    resolver = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    resolver.names |= {"outlook.office365.com": [["127.0.0.1"]], "mail.example.com": [["127.0.0.1"]]}

    assert Office365().find(login(address="")).address == online.ADDRESS
    with pytest.raises(RequestRejected, match="choose Exchange"):
        Office365().find(login(address="https://mail.example.com/EWS/Exchange.asmx"))


def test_after_its_end_it_is_not_offered_and_not_tried(exchange, login, monkeypatch):
    assert Office365().is_configured
    monkeypatch.setattr(online, "ENDS", date(2026, 1, 1))

    assert not Office365().is_configured
    with pytest.raises(RequestRejected, match="ended"):
        listed(login())
    assert exchange.calls == []


@pytest.mark.row("ZM-7")
def test_it_says_until_when_it_lives():
    assert datetime(2027, 4, 1, tzinfo=UTC).date() == online.ENDS
    assert "1 April 2027" in str(Office365.cannot)
    assert "whole mailbox" in str(Office365.cannot)

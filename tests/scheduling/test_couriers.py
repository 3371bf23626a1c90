"""Whoever listens at an address that somebody typed: he cannot hold Bridge up, and it leads nowhere it must not."""

import dataclasses
import socket
import threading
import time

import pytest
from django.db import connection

from integrations.exceptions import RequestRejected
from outbox import intents
from outbox.models import Intent
from scheduling import couriers, signing_keys, subscriptions
from scheduling.models import Attempt, Delivery, DeliveryState, Subscription
from tests import factories
from tests.integrations.test_outward import HERE, HOSTILE, PUBLIC
from tests.integrations.typed_servers import Resolver, encrypted
from tests.scheduling.webhook_receivers import application as application
from tests.scheduling.webhook_receivers import happen, hostile
from tests.scheduling.webhook_receivers import here as here
from tests.scheduling.webhook_receivers import receiver as receiver
from tests.scheduling.webhook_receivers import subscribed as subscribed
from tests.servers import free_port

SECONDS = 0.5
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    resolver = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return resolver


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Where anybody connects to."""
    seen: list[object] = []
    connect = socket.socket.connect

    def watched(self: socket.socket, address: object) -> None:
        seen.append(address)
        connect(self, address)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr(socket.socket, "connect", watched)
    return seen


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second in all, not ten."""
    monkeypatch.setattr(couriers, "LIMITS", dataclasses.replace(couriers.LIMITS, seconds=SECONDS))


def _carried(url: str) -> tuple[couriers.Outcome, float]:
    began = time.monotonic()
    outcome = couriers.carry(url, b"{}", {}, name="The receiver")
    return outcome, time.monotonic() - began


# --- Receivers that hold us up ----------------------------------------------------------------------------------------


def _hangs(peer: socket.socket, over: threading.Event) -> None:
    over.wait(5)


def _drips(beginning: bytes, forever: bytes):
    def drip(peer: socket.socket, over: threading.Event) -> None:
        peer.sendall(beginning)
        while not over.wait(0.02):
            peer.sendall(forever)

    return drip


def _pours(beginning: bytes, forever: bytes):
    def pour(peer: socket.socket, over: threading.Event) -> None:
        peer.sendall(beginning)
        while not over.is_set():
            peer.sendall(forever * 65536)

    return pour


@pytest.mark.row("G-54")
@pytest.mark.parametrize(
    "misbehaves",
    [
        _hangs,
        _drips(b"HTTP/1.1 200", b" "),
        _drips(OK + b"X: ", b"y"),
        _drips(OK, b"X: y\r\n"),
        _pours(OK, b"X: y\r\n"),
        _pours(OK + b"X: ", b"y"),
        _drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["hangs", "drips its status", "drips a header", "drips headers", "headers", "one header", "goes on"],
)
def test_a_receiver_that_never_answers_is_left_after_the_whole_time(here, hurry, misbehaves):
    with hostile(misbehaves) as url:
        outcome, took = _carried(url)

    assert (outcome.is_delivered, outcome.status) == (False, None)
    assert outcome.error
    assert took < SECONDS + 1


@pytest.mark.row("G-54")
@pytest.mark.parametrize(
    "misbehaves",
    [
        _drips(OK + b"\r\n", b"z"),
        _drips(OK + b"Transfer-Encoding: chunked\r\n\r\nFFFFFF\r\n", b"z"),
        _pours(OK + b"Content-Length: 104857600\r\n\r\n", b"z"),
        _pours(OK + b"Content-Encoding: gzip\r\n\r\n", b"z"),
        _pours(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"no chunk"),
    ],
    ids=["drips", "drips a chunk", "100 MB", "gzip that is none", "chunks that are none"],
)
def test_what_it_answered_counts_however_its_body_goes_on(here, hurry, misbehaves):
    with hostile(misbehaves) as url:
        outcome, took = _carried(url)

    assert (outcome.status, outcome.is_delivered) == (200, True)
    assert len(outcome.answer) <= couriers.KEPT
    assert took < SECONDS + 1


@pytest.mark.parametrize("misbehaves", [_drips(OK + b"\r\n", b""), lambda peer, over: None])
def test_a_connection_that_breaks_off_is_no_harm(here, hurry, misbehaves):
    with hostile(misbehaves) as url:
        outcome, took = _carried(url)

    assert took < SECONDS + 1
    assert outcome.status in {200, None}


def test_nobody_listens(here, hurry):
    outcome, _took = _carried(f"http://127.0.0.1:{free_port()}/")

    assert (outcome.status, outcome.error) == (None, "The receiver cannot be reached. Bridge keeps trying.")


def test_a_name_that_takes_too_long_to_be_found_is_left(hurry, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **how: time.sleep(2))
    outcome, took = _carried("https://crm.example.org/hooks")

    assert (bool(outcome.error), took < SECONDS + 1) == (True, True)


def test_a_receiver_that_stops_in_the_middle_of_the_handshake_is_left(here, hurry):
    with hostile(_hangs) as url:
        outcome, took = _carried(url.replace("http://", "https://"))

    assert (bool(outcome.error), took < SECONDS + 1) == (True, True)


def test_the_time_is_counted_over_all_addresses_of_a_name(here, hurry, resolver):
    """Each of them takes the connection, and none answers."""
    with hostile(_hangs) as url:
        port = url.rpartition(":")[2].partition("/")[0]
        resolver.names["crm.example.org"] = [[HERE, "127.0.0.2", "127.0.0.3"]]
        outcome, took = _carried(f"http://crm.example.org:{port}/")

    assert (bool(outcome.error), took < SECONDS + 1) == (True, True)


# --- Addresses that lead where they must not --------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.row("G-53")
@pytest.mark.parametrize("address", HOSTILE)
def test_nobody_can_subscribe_with_a_hostile_address(application, address):
    for scheme in ("http:", "https:"):
        with pytest.raises(RequestRejected):
            subscriptions.subscribe(application, url=address.replace("http:", scheme), by=None)

    assert not Subscription.objects.exists()


@pytest.mark.django_db
@pytest.mark.row("G-53")
@pytest.mark.parametrize("address", HOSTILE)
def test_nothing_is_sent_to_a_hostile_address_however_it_came_there(olga, application, address, connects):
    subscription, _secret = _subscribed_before(application)
    for scheme in ("http:", "https:"):
        Subscription.objects.filter(pk=subscription.pk).update(url=address.replace("http:", scheme))
        happen(olga)
        intents.drain()

    tries = Attempt.objects.all()
    assert [(attempt.status, attempt.answer, bool(attempt.error)) for attempt in tries] == [(None, "", True)] * 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.WAITING}
    assert connects == []


def _subscribed_before(application):
    subscription = factories.subscription(application)
    return subscription, signing_keys.renew(subscription)


@pytest.mark.django_db
@pytest.mark.row("G-53")
def test_a_name_that_turns_around_after_it_was_subscribed_leads_nowhere(
    olga, application, resolver, receiver, settings
):
    """DNS rebinding: each try looks anew, and connects to the very address it has judged."""
    settings.OUTWARD_PRIVATE_ADDRESSES = []
    port = receiver.url.rpartition(":")[2].partition("/")[0]
    resolver.names["crm.example.org"] = [[PUBLIC], [HERE]]
    subscriptions.subscribe(application, url=f"https://crm.example.org:{port}/", by=None)
    happen(olga)
    intents.drain()

    assert receiver.got == []
    assert "private network" in Attempt.objects.get().error


@pytest.mark.django_db
def test_one_private_address_among_several_spoils_the_name(application, resolver):
    resolver.names["crm.example.org"] = [[PUBLIC, "10.0.0.7"]]

    with pytest.raises(RequestRejected, match="private network"):
        subscriptions.subscribe(application, url="https://crm.example.org/", by=None)


@pytest.mark.django_db
@pytest.mark.row("G-53")
def test_over_the_internet_it_is_encrypted(application, resolver, here):
    resolver.names["crm.example.org"] = [[PUBLIC]]
    resolver.names["crm.home.example"] = [[HERE]]

    with pytest.raises(RequestRejected, match="https://"):
        subscriptions.subscribe(application, url="http://crm.example.org/", by=None)
    subscriptions.subscribe(application, url="https://crm.example.org/", by=None)
    subscriptions.subscribe(application, url="http://crm.home.example/", by=None)


def test_a_name_that_was_at_home_and_moved_away_is_not_told_in_the_clear(resolver, here):
    resolver.names["crm.home.example"] = [[PUBLIC]]
    outcome, _took = _carried("http://crm.home.example/")

    assert outcome.error == "The address must begin with https://."


def test_the_certificate_is_held_against_the_name(here, resolver, settings, tmp_path):
    resolver.names |= {"crm.example.org": [[HERE]], "other.example.org": [[HERE]]}
    for name, good in [("crm.example.org", True), ("other.example.org", False)]:
        with encrypted(tmp_path, "crm.example.org") as (port, certificate):
            settings.OUTWARD_CA_FILE = str(certificate)
            outcome, _took = _carried(f"https://{name}:{port}/")
        assert outcome.is_delivered == good


# --- One that hangs delays nobody else --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.row("G-54")
def test_while_one_receiver_hangs_the_others_get_their_messages_within_a_second(olga, receiver):
    """As the workers of the queue do it: two threads, and a subscription with many messages that hangs."""
    hanging, lively = factories.application(olga), factories.application(olga)
    for each in (hanging, lively):
        factories.consent(each, olga)
    with hostile(_hangs) as url:
        subscriptions.subscribe(hanging, url=url, by=None)
        subscriptions.subscribe(lively, url=receiver.url, by=None)
        for _number in range(5):
            happen(olga)
        began, workers = time.monotonic(), [threading.Thread(target=_work, daemon=True) for _ in range(2)]
        for worker in workers:
            worker.start()
        while len(receiver.got) < 5 and time.monotonic() < began + 3:
            time.sleep(0.01)
        took = time.monotonic() - began
    for worker in workers:
        worker.join(5)

    assert (len(receiver.got), took < 1) == (5, True)


def _work() -> None:
    for intent in Intent.objects.order_by("pk"):
        intents.settle(intent.pk)
    connection.close()

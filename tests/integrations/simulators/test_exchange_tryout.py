"""The simulated Exchange of the try-out: what it knows survives a restart, and its page shows and changes it."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from bridge import simulated
from integrations.simulators.exchange.memory import Remembering
from integrations.simulators.exchange.simulator import ExchangeSimulator
from integrations.simulators.server import SimulatorServer

MINA = "mina@corp.example"
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "exchange.pickle"


@pytest.fixture
def exchange() -> ExchangeSimulator:
    return ExchangeSimulator()


@pytest.fixture
def url(exchange: ExchangeSimulator, file: Path) -> Iterator[str]:
    with SimulatorServer(Remembering(exchange, file), mount="/simulators/exchange") as server:
        yield server.url


def post(url: str, **form: str) -> requests.Response:
    return requests.post(f"{url}/control", {"mailbox": MINA} | form, timeout=5)


def test_its_page_tells_the_address_and_the_passwords(url):
    page = requests.get(url + "/", timeout=5).text

    assert f"{url}/EWS/Exchange.asmx" in page
    assert "mina-password" in page


def test_an_owner_adds_moves_and_deletes_an_event(exchange, url):
    page = post(url, do="add", title="<Dentist>", start="2027-03-01T10:00", minutes="60", private="on")
    [item] = exchange.events(MINA)
    assert (item.subject, item.start, item.end, item.sensitivity) == ("<Dentist>", MONDAY, MONDAY + HOUR, "Private")
    assert "&lt;Dentist&gt; (private)" in page.text

    post(url, do="later", item=item.id)
    assert exchange.events(MINA)[0].start == MONDAY + HOUR
    post(url, do="delete", item=item.id)
    assert exchange.events(MINA) == []


@pytest.mark.parametrize(
    "form", [{"do": "add", "title": "x", "start": "now", "minutes": "1"}, {"do": "delete", "item": "?"}]
)
def test_what_cannot_be_done_says_so(url, form):
    assert post(url, **form).status_code == 400


def test_what_it_knows_survives_a_restart(exchange, url, file):
    exchange.add_event(MINA, "Weekly", MONDAY, MONDAY + HOUR, rule="FREQ=WEEKLY")
    post(url, do="add", title="Dentist", start="2027-03-01T10:00", minutes="60")
    again = ExchangeSimulator()
    Remembering(again, file)

    assert [(item.id, item.subject) for item in again.events(MINA)] == [
        (item.id, item.subject) for item in exchange.events(MINA)
    ]
    assert again.add_event(MINA, "New", MONDAY, MONDAY + HOUR).id not in {item.id for item in exchange.events(MINA)}


def test_a_file_that_cannot_be_read_is_put_aside(file, caplog):
    file.write_bytes(b"broken")
    with caplog.at_level(logging.WARNING):
        Remembering(ExchangeSimulator(), file)

    assert "starts afresh" in caplog.text
    assert not file.exists()


def test_it_hangs_beside_bridge(settings: Any, tmp_path: Path):
    settings.VAR_DIR = tmp_path
    application = simulated.simulators()[settings.SIMULATED_EXCHANGE_PATH]()

    with SimulatorServer(application, mount=settings.SIMULATED_EXCHANGE_PATH) as server:
        assert "Simulated Exchange" in requests.get(server.url, timeout=5).text
    assert settings.SIMULATED_EXCHANGE_PATH in settings.PATHS_BESIDE_DJANGO

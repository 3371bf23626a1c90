"""The simulated Google of the try-out: full calendars, and what it knows survives a restart."""

import logging
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import pytest

from integrations.simulators.google import tryout
from integrations.simulators.google.memory import Remembering
from integrations.simulators.google.simulator import GoogleSimulator

OLGA = "olga@harbour.example"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "google.pickle"


def start(file: Path) -> tuple[Remembering, GoogleSimulator]:
    google = GoogleSimulator()
    remembering = Remembering(google, file)
    tryout.furnish(google)
    return remembering, google


def post(application: Remembering) -> None:
    environ: dict[str, object] = {"REQUEST_METHOD": "POST", "PATH_INFO": "/token"}
    setup_testing_defaults(environ)
    list(application(environ, lambda *_: print))


def test_tokens_events_and_the_clock_survive_a_restart(file):
    application, google = start(file)
    token, event = google.token_for(OLGA), google.events(OLGA)[0]
    google.move(OLGA, event.id, hours=1)
    google.advance(days=2)
    post(application)

    _, again = start(file)

    assert token in again.world.access_tokens
    assert again.event(OLGA, event.id).fields["start"] == google.event(OLGA, event.id).fields["start"]
    assert len(again.events(OLGA)) == len(google.events(OLGA)) == len(tryout.EVENTS) + len(tryout.ALL_DAY)
    assert again.clock.offset == google.clock.offset


def test_a_file_that_cannot_be_read_is_set_aside(file, caplog):
    file.write_bytes(b"N.")

    with caplog.at_level(logging.WARNING):
        _, google = start(file)

    assert google.events(OLGA)
    assert "starts afresh" in caplog.text
    assert file.with_suffix(".unreadable").exists()

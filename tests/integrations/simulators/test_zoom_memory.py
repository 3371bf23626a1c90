"""What the simulated Zoom of the try-out knows survives a restart, also an abrupt one."""

import logging
from datetime import timedelta
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import pytest

from integrations.simulators import connections
from integrations.simulators.zoom.memory import Remembering
from integrations.simulators.zoom.simulator import ZoomSimulator


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "zoom.pickle"


def start(file: Path) -> tuple[Remembering, ZoomSimulator]:
    zoom = ZoomSimulator("id", "secret", ["http://testserver/"])
    return Remembering(zoom, file), zoom


def post(application: Remembering, **more: object) -> None:
    environ: dict[str, object] = {"REQUEST_METHOD": "POST", "PATH_INFO": "/oauth/token"}
    setup_testing_defaults(environ)
    list(application(environ | more, lambda *_: print))


def test_what_it_knows_survives_a_restart(file):
    application, zoom = start(file)
    zoom.add_user("new@acme.example")
    post(application)

    _, again = start(file)

    assert again.user("new@acme.example").email == "new@acme.example"


def test_its_clock_goes_on_as_far_ahead_as_it_was(file):
    application, zoom = start(file)
    zoom.advance(days=3)
    post(application)

    _, again = start(file)

    assert again.clock.offset == timedelta(days=3)
    assert abs(again.clock.now() - zoom.clock.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("kind", ["drop_after", "truncated"])
def test_what_was_done_is_kept_before_the_client_is_hung_up_on(file, kind):
    application, zoom = start(file)
    zoom.faults.add(kind)
    zoom.add_user("new@acme.example")
    known = []

    class Hearing:
        """The client's end: looks into the file when it is told anything."""

        def shutdown(self, how: int) -> None:
            known.append(file.exists())

    post(application, **{connections.KEY: Hearing()})

    assert set(known) == {True}
    _, again = start(file)
    assert again.user("new@acme.example")


@pytest.mark.parametrize("broken", ["cut short", "empty", "another thing", "older"])
def test_a_file_that_cannot_be_read_is_set_aside_and_it_starts_afresh(file, caplog, broken):
    application, zoom = start(file)
    zoom.add_user("new@acme.example")
    post(application)
    whole = file.read_bytes()
    file.write_bytes(
        {"cut short": whole[: len(whole) // 2], "empty": b"", "another thing": b"N.", "older": b"}."}[broken]
    )
    left = file.read_bytes()

    with caplog.at_level(logging.WARNING):
        application, again = start(file)

    assert again.user("paula@acme.example")
    assert not any(user.email == "new@acme.example" for user in again.world.users.values())
    assert "starts afresh" in caplog.text
    assert file.with_suffix(".unreadable").read_bytes() == left
    post(application)
    assert file.exists()

"""A restart of the try-out loses nothing at the simulated Zoom."""

from pathlib import Path

from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests.integrations.simulators.zoom_client import CALLBACK, ZoomClient

PAULA = "paula@acme.example"


def restarted(memory: Path, client_id: str = "client") -> ZoomSimulator:
    return ZoomSimulator(client_id, "secret", [CALLBACK], memory=memory)


def test_tokens_and_meetings_outlive_a_restart(tmp_path: Path) -> None:
    memory = tmp_path / "zoom"
    zoom = restarted(memory)
    with SimulatorServer(zoom) as server, ZoomClient(zoom, server.url) as client:
        tokens = client.connect(PAULA)
        made = client.created(tokens["access_token"], start_time="2099-01-01T09:00:00Z")

    zoom = restarted(memory)
    with SimulatorServer(zoom) as server, ZoomClient(zoom, server.url) as client:
        shown = client.call("GET", f"/meetings/{made['id']}", tokens["access_token"])
        refreshed = client.refresh(tokens["refresh_token"])
        again = client.refresh(tokens["refresh_token"])

    assert shown.json()["topic"] == made["topic"]
    assert (refreshed.status_code, again.status_code) == (200, 400)


def test_a_file_that_cannot_be_read_is_a_new_beginning(tmp_path: Path) -> None:
    (tmp_path / "zoom").write_bytes(b"something else")

    assert restarted(tmp_path / "zoom").user(PAULA).email == PAULA


def test_another_client_id_begins_without_grants(tmp_path: Path) -> None:
    zoom = restarted(tmp_path / "zoom")
    with SimulatorServer(zoom) as server, ZoomClient(zoom, server.url) as client:
        client.connect(PAULA)

    assert restarted(tmp_path / "zoom", "other").world.grants == {}

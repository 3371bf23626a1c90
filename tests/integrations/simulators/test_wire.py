"""Faults really happen on the wire, under every server that may carry the simulator."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler as PlainHandler
from wsgiref.simple_server import WSGIServer

import pytest
import requests
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from integrations.simulators.server import SimulatorServer
from integrations.simulators.zoom.simulator import ZoomSimulator

LOST = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


class QuietPlain(PlainHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Not into the test's output."""


class QuietDjango(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Not into the test's output."""


@contextmanager
def ours() -> Iterator[str]:
    with SimulatorServer(ZoomSimulator(), mount="/simulators/zoom") as server:
        yield server.url


@contextmanager
def wsgiref() -> Iterator[str]:
    with served(WSGIServer(("127.0.0.1", 0), QuietPlain)) as url:
        yield url


@contextmanager
def runserver() -> Iterator[str]:
    with served(ThreadedWSGIServer(("127.0.0.1", 0), QuietDjango)) as url:
        yield url


@contextmanager
def served(server: WSGIServer) -> Iterator[str]:
    server.set_app(ZoomSimulator())
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def gunicorn() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = "integrations.simulators.zoom.simulator:ZoomSimulator()"
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4", "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "--log-level", "critical", "--no-control-socket", app])
    url = f"http://127.0.0.1:{port}"
    try:
        until_it_answers(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def until_it_answers(url: str) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        try:
            requests.get(url, timeout=1)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nobody answers at {url}")


@pytest.fixture(params=[ours, wsgiref, runserver, gunicorn], ids=lambda server: str(server.__name__))
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with request.param() as url:
        yield url


@pytest.fixture
def misbehave(url: str) -> Callable[..., None]:
    def ask(**fault: object) -> None:
        requests.post(f"{url}/control/faults", json={"path": "/v2/users/me", "times": 1, **fault}, timeout=5)

    return ask


def me(url: str, timeout: float = 5) -> requests.Response:
    with requests.Session() as http:
        return http.get(f"{url}/v2/users/me", timeout=timeout)


def test_connections_are_dropped_and_bodies_cut(url: str, misbehave: Callable[..., None]) -> None:
    for kind in ("drop_before", "drop_after", "truncated"):
        misbehave(kind=kind)
        begun = time.monotonic()
        with pytest.raises(LOST):
            me(url)
        assert time.monotonic() - begun < 2
        assert me(url).status_code == 401

    misbehave(kind="empty")
    assert me(url).content == b""
    misbehave(kind="latency", seconds=0.5)
    with pytest.raises(requests.ReadTimeout):
        me(url, timeout=0.1)


def test_a_form_is_not_answered_after_it_was_carried_out() -> None:
    zoom = ZoomSimulator("client", "secret", ["http://bridge.test/"])
    zoom.faults.add("drop_after", method="POST", path="/oauth/token", times=1)
    fields = {"grant_type": "authorization_code", "redirect_uri": "http://bridge.test/"}
    with SimulatorServer(zoom) as server, requests.Session() as http:
        code = zoom.authorize("paula@acme.example")
        with pytest.raises(requests.ConnectionError):
            http.post(f"{server.url}/oauth/token", data={**fields, "code": code}, auth=("client", "secret"), timeout=5)

    assert zoom.installed("paula@acme.example")

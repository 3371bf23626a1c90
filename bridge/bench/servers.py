"""Bridge as it is started for real: gunicorn as in production, and the try-out's one process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

WORKERS, THREADS = 2, 8


@contextmanager
def gunicorn(database_url: str) -> Iterator[int]:
    """The port of a server with the floor beside Bridge's own pages."""
    port = _free_port()
    size = ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)]
    command = ["-m", "gunicorn", "bridge.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "error", *size]
    more = {"DJANGO_SETTINGS_MODULE": "bridge.bench.settings", "TRUSTED_PROXIES": "1", "SIMULATORS": "off"}
    with _serving(command, port, database_url, more):
        yield port


@contextmanager
def try_out(database_url: str) -> Iterator[tuple[int, int]]:
    """The port and the process id of the one process."""
    port = _free_port()
    more = {"DJANGO_SETTINGS_MODULE": "bridge.settings", "SIMULATORS": "on"}
    with _serving(["manage.py", "serve", "--port", str(port)], port, database_url, more) as process:
        yield port, process.pid


@contextmanager
def _serving(command: list[str], port: int, url: str, more: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    told = {"DATABASE_URL": url, "REDIS_URL": "", "BASE_URL": f"http://127.0.0.1:{port}", "EMAIL_URL": ""}
    server = subprocess.Popen([sys.executable, *command], env=os.environ | told | more, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield server
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            client = HTTPConnection("127.0.0.1", port, timeout=5)
            client.request("GET", "/healthz")
            client.getresponse().read()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port

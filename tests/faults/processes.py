"""Bridge as processes of its own, working on the database of the running test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from tests.servers import free_port


def environment(**more: str) -> dict[str, str]:
    """What the processes are told: this test's database, broker, keys and simulated Zoom."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": _database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "ZOOM_OAUTH_URL": settings.ZOOM_OAUTH_URL,
        "ZOOM_API_URL": settings.ZOOM_API_URL,
        **more,
    }


@contextmanager
def web(*, workers: int = 2, threads: int = 8, **more: str) -> Iterator[str]:
    """Gunicorn as in production; its address."""
    port = free_port()
    bind = ["--bind", f"127.0.0.1:{port}", "--backlog", "1024"]
    sizes = ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
    with running("-m", "gunicorn", "bridge.wsgi", *bind, *sizes, "--log-level", "warning", **more):
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"


class Background:
    """Whoever settles the outbox, begun and killed as often as one likes."""

    def __init__(self, stem: subprocess.Popen[str]) -> None:
        self.stem = stem
        self.begin()

    def begin(self) -> None:
        print(file=self.stem.stdin, flush=True)
        self.process = int(self._told())

    def kill(self) -> None:
        """At once, the whole group, with no chance to tidy up."""
        with suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)
        assert self._told() == "ended"

    def _told(self) -> str:
        assert self.stem.stdout
        return self.stem.stdout.readline().strip()


@contextmanager
def background(**more: str) -> Iterator[Background]:
    """Celery's worker where there is Redis, else the one process of the try-out."""
    celery = ["-m", "celery", "-A", "bridge", "worker", "-P", "prefork", "-c", "2"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "ERROR"]
    embedded = ["manage.py", "serve", "--port", str(free_port())]
    command = [sys.executable, "-m", "tests.faults.stem", *(celery + quiet if settings.REDIS_URL else embedded)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment(**more), text=True, stdin=pipe, stdout=pipe) as stem:
        worker = Background(stem)
        try:
            yield worker
        finally:
            worker.kill()


@contextmanager
def running(*command: str, **more: str) -> Iterator[None]:
    """In a group of its own, whose children are ended with it."""
    process = subprocess.Popen(
        [sys.executable, *command], env=environment(**more), start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _wait_for(url: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urlopen(url, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _database_url() -> str:
    now = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{now['NAME']}"
    return f"postgres://{now['USER']}@{now['HOST']}:{now['PORT']}/{now['NAME']}"

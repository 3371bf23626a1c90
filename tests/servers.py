"""Throw-away PostgreSQL and Redis from the installed programs, each on a free port of this machine."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first without the windows, so that the tests take a third less of the processors."""

# Nothing in these databases outlives the run, so nothing waits for a disk.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"


def postgresql_programs() -> Path | None:
    """The folder with initdb and pg_ctl of the newest installed PostgreSQL."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return next((folder for folder in [*reversed(debian), *folders] if (folder / "initdb").exists()), None)


def chromium() -> str | None:
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def redis_program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


@contextmanager
def postgresql(programs: Path) -> Iterator[str]:
    """A server of our own; its DATABASE_URL."""
    port = free_port()
    with _folder() as folder:
        data = folder / "data"
        _as_owner(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                "bridge",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale",
                "C.UTF-8",
                "--no-sync",
            ],
            folder,
        )
        start = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {FAST}"
        _as_owner([programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", start, "start"], folder)
        try:
            yield f"postgres://bridge@127.0.0.1:{port}/postgres"
        finally:
            _as_owner([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], folder)


@contextmanager
def redis(program: str) -> Iterator[str]:
    """A server of our own; its REDIS_URL."""
    port = free_port()
    with _folder() as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        server = subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL)
        try:
            wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(10)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bridge-") as name:
        if owner := _owner():
            shutil.chown(name, owner, owner)
        yield Path(name)


def _owner() -> str | None:
    """PostgreSQL refuses to run as root; its packages bring this user."""
    return "postgres" if os.getuid() == 0 else None


def _as_owner(command: list[str | Path], folder: Path) -> None:
    owner = _owner()
    groups = [owner] if owner else None
    subprocess.run(
        command, cwd=folder, check=True, stdout=subprocess.DEVNULL, user=owner, group=owner, extra_groups=groups
    )


def wait_for(port: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)

"""Everything that must pass, in order, up to the first failure: python3 run.py test [arguments for pytest]."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from tests import servers

CHECKS = (["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"])
NOTHING_COLLECTED = 5


def main(arguments: list[str]) -> int:
    focused = [argument for argument in arguments if argument != "--check"]
    if missing := list(_missing()):
        print("\n".join(missing), flush=True)
        if os.environ.get("CI"):
            return 1
    status = 0 if focused else check()
    if status or "--check" in arguments:
        return status
    return first_pass(focused) or second_pass(focused)


def check() -> int:
    """Format, lint, types."""
    return next((status for command in CHECKS if (status := _run(["-m", *command]))), 0)


def first_pass(arguments: list[str]) -> int:
    """SQLite and the queue in memory, with the browser: the try-out."""
    urls = {"DATABASE_URL": "sqlite:///var/bridge.sqlite3", "REDIS_URL": ""}  # whatever .env says
    return _pytest("SQLite", urls, arguments)


def second_pass(arguments: list[str]) -> int:
    """PostgreSQL and Redis: production. What either pass leaves out: tests/passes.py."""
    programs, program = servers.postgresql_programs(), servers.redis_program()
    if not (programs and program):
        return 0
    with servers.postgresql(programs) as database, servers.redis(program) as broker:
        urls = {"DATABASE_URL": database, "REDIS_URL": broker}
        return _pytest("PostgreSQL and Redis", urls, arguments)


def _missing() -> Iterator[str]:
    if not servers.chromium():
        yield "LEFT OUT: the tests in the browser, because Chromium is not installed here"
        yield "          (Debian: chromium-headless-shell)."
    if not (servers.postgresql_programs() and servers.redis_program()):
        yield "LEFT OUT: the pass on PostgreSQL and Redis, because their servers are not installed here"
        yield "          (Debian: postgresql, redis-server)."


def _pytest(where: str, urls: dict[str, str], arguments: list[str]) -> int:
    print(f"\nThe suite on {where}", flush=True)
    parallel = ["-n", str(min(4, 1 + (os.cpu_count() or 1))), "--dist", "loadscope", "-p", "tests.lanes"]
    status = _run(["-m", "pytest", "-q", *parallel, *arguments], urls)
    return 0 if arguments and status == NOTHING_COLLECTED else status


def _run(arguments: list[str], settings: dict[str, str] | None = None) -> int:
    return subprocess.run([sys.executable, *arguments], env=os.environ | (settings or {}), check=False).returncode


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the throw-away servers go with us
    sys.exit(main(sys.argv[1:]))

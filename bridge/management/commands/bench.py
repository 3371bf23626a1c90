import platform
from argparse import ArgumentParser
from collections.abc import Iterator

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from bridge.bench import engine, memory, pages, servers, stage


class Command(BaseCommand):
    help = "Measure slots, pages and memory as medians with their range, in a throw-away database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=3, help="of each round over HTTP (default: 3)")
        parser.add_argument("--engine", action="store_true", help="pure computation only")

    def handle(self, *args: object, seconds: float, engine: bool, **options: object) -> None:
        self.stdout.write(f"Python {platform.python_version()}, {connection.vendor}, medians [range]\n")
        for line in _lines(seconds, only_engine=engine):
            self.stdout.write(line)
            self.stdout.flush()


def _lines(seconds: float, *, only_engine: bool) -> Iterator[str]:
    yield from engine.report()
    if only_engine:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    with stage.database() as url:
        hosts = {bookings: stage.host(bookings=bookings) for bookings in (0, 100, 10_000)}
        yield from pages.queries(hosts)
        with servers.gunicorn(url) as port:
            yield from pages.report(port, hosts, stage.open_host(), seconds=seconds)
        yield from memory.report(url, [pages.month(host) for host in hosts.values()])

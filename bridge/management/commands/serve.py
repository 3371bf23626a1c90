import errno
import os
import signal
import sys
from argparse import ArgumentParser
from types import FrameType

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application

from bridge import embedded


class Server(ThreadedWSGIServer):
    daemon_threads = True
    request_queue_size = 256


class Command(BaseCommand):
    help = "Serve Bridge from one process: web server, and without REDIS_URL also worker and timetable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, host: str, port: int, **options: object) -> None:
        signal.signal(signal.SIGTERM, _stop)
        server = self.listen(host, port)
        if settings.EMBEDDED:
            embedded.start()
        self.announce()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        leave()

    def listen(self, host: str, port: int) -> Server:
        try:
            server = Server((host, port), WSGIRequestHandler)
        except OSError as error:
            raise CommandError(_why(error, port)) from error
        server.set_app(get_internal_wsgi_application())
        return server

    def announce(self) -> None:
        self.stdout.write(f"\nOpen {settings.BASE_URL}/\n\n  and stop with Ctrl-C")
        if settings.MAILBOX:
            self.stdout.write(f"  mails that Bridge sends   {settings.BASE_URL}/tryout/mails")
        if settings.SIMULATORS:
            self.stdout.write(f"  the simulated Zoom        {settings.BASE_URL}{settings.SIMULATED_ZOOM_PATH}/")
        if not settings.EMBEDDED:
            self.stdout.write("  worker and beat are processes of their own: docs/production.md")
        self.stdout.flush()


def leave() -> None:
    """End now: what still runs is owed by the outbox, and threads of the worker would hold us up."""
    embedded.wait_for_tasks(seconds=2)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _why(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Another program has port {port}. Choose another: PORT={port + 1} python3 run.py"
    return f"Port {port} cannot be used: {error.strerror or error}"

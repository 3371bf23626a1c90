"""A small threaded server for a simulator, and a way to hang one into another WSGI application."""

import socketserver
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from integrations.simulators import connections


class Handler(WSGIRequestHandler):
    def get_environ(self) -> WSGIEnvironment:
        return {**super().get_environ(), connections.KEY: self.connection}

    def log_message(self, format: str, *args: object) -> None:
        """Silence: a simulator keeps its own log of calls."""


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def server_bind(self) -> None:
        """Without the name lookup of HTTPServer, which may ask the network."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]
        self.setup_environ()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news."""


PACE = 0.01
"""How often, in seconds, it looks whether it shall stop: tests stop one each, and wait for it."""


class SimulatorServer:
    """Serves on loopback, on a free port unless one is named; also a context manager."""

    def __init__(self, application: WSGIApplication, *, port: int = 0, mount: str = "") -> None:
        self._server = Threaded(("127.0.0.1", port), Handler)
        self._server.set_app(mounted(application, mount, otherwise=not_found) if mount else application)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(PACE,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}{mount}"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def mounted(application: WSGIApplication, prefix: str, *, otherwise: WSGIApplication) -> WSGIApplication:
    """`application` below `prefix`, the other one everywhere else."""

    def dispatch(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path != prefix and not path.startswith(prefix + "/"):
            return otherwise(environ, start_response)
        below = {"SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix, "PATH_INFO": path[len(prefix) :]}
        return application({**environ, **below}, start_response)

    return dispatch


def not_found(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return [b""]

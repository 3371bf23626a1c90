"""Hanging up on a client from inside a WSGI application.

WSGI has no word for it, so the client's socket is looked for where the servers keep it: our own server and gunicorn put
it in environ, wsgiref and Django's runserver read `wsgi.input` from it. Once it is shut down their writes fail with a
broken pipe, which all of them take for a client that left. Where there is none to find, the body ends early, short of
its Content-Length.
"""

import contextlib
import socket
from wsgiref.types import WSGIEnvironment

KEY = "simulators.socket"


def close(environ: WSGIEnvironment) -> None:
    connection = _connection(environ)
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def _connection(environ: WSGIEnvironment) -> socket.socket | None:
    for key in (KEY, "gunicorn.socket"):
        if key in environ:
            known: socket.socket = environ[key]
            return known
    return _under(environ.get("wsgi.input"))


def _under(stream: object) -> socket.socket | None:
    for _ in range(5):
        if stream is None or isinstance(stream, socket.socket):
            return stream
        stream = _one_down(stream)
    return None


def _one_down(stream: object) -> object:
    """From Django's LimitedStream to the buffered reader, to the SocketIO, to the socket."""
    reader = getattr(getattr(stream, "_read", None), "__self__", None)
    return reader or getattr(stream, "raw", None) or getattr(stream, "_sock", None)

"""Connections to addresses that people typed: only where networks.py allows it, and never for ever.

The name is looked up once, and the connection goes to the very address that was judged; certificates are still held
against the name. https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager

from integrations import networks
from integrations.exceptions import RequestRejected
from integrations.hurried import Hurried, within
from integrations.networks import Forbidden, Place

MOST_ADDRESSES = 3
MOST_BYTES = 20 * 1024 * 1024
MOST_SECONDS = 40.0
PIECE = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """bars: names that the session must not reach, nor any below them, nor an alias of them.  seconds, bytes: of one
    answer.  in_all: the seconds are those of the whole exchange, from the look at the name on.  encrypted: plain http
    only where the operator has allowed it.
    """

    bars: tuple[str, ...] = ()
    seconds: float = MOST_SECONDS
    bytes: int = MOST_BYTES
    in_all: bool = False
    encrypted: bool = False

    def bar(self, host: str) -> bool:
        return any(host == one or host.endswith("." + one) for one in self.bars)


def find(host: str, port: int, limits: Limits, *, scheme: str) -> list[Place]:
    """Where the host is. Raises RequestRejected if Bridge does not go there, OSError if there is no such name."""
    try:
        places = within(limits.seconds, lambda: networks.find(host, port))
    except Forbidden:
        raise RequestRejected(
            _("This address leads into a private network. Bridge only goes to public ones.")
        ) from None
    except UnicodeError:
        raise RequestRejected(_("This address has no valid name in it.")) from None
    if any(limits.bar(name) for place in places for name in place.names):
        raise RequestRejected(_("No password may be sent to this server. Connect by signing in there instead."))
    if limits.encrypted and scheme == "http" and not networks.are_at_home(host, port, places):
        raise RequestRejected(_("The address must begin with https://."))
    return places


class _Guarded:
    """A connection that looks before it goes, and hurries once it is there."""

    limits: Limits
    scheme: str
    sock: Any

    def _new_conn(self: Any) -> socket.socket:
        self.until = time.monotonic() + self.limits.seconds if self.limits.in_all else float("inf")
        try:
            places = find(self._dns_host, self.port, self.limits, scheme=self.scheme)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        for place in places[:MOST_ADDRESSES]:
            try:
                return _connected(place, self._left(), self.socket_options or ())
            except OSError:
                continue
        raise NewConnectionError(self, "None of its addresses answers.")

    def connect(self: Any) -> None:
        super().connect()  # type: ignore[misc]
        self.sock.settimeout(self._left())
        self.sock = Hurried(self.sock, self.limits.seconds, self.until)

    def _left(self: Any) -> float:
        """For the next step on the way there."""
        left: float = min(self.timeout, self.until - time.monotonic())
        return max(left, 0.001)


class _Http(_Guarded, HTTPConnection):
    scheme = "http"

    def __init__(self, *args: Any, limits: Limits, **how: Any) -> None:
        super().__init__(*args, **how)
        self.limits = limits


class _Https(_Guarded, HTTPSConnection):
    scheme = "https"

    def __init__(self, *args: Any, limits: Limits, **how: Any) -> None:
        super().__init__(*args, **how)
        self.limits = limits


def _connected(place: Place, timeout: float, options: Any) -> socket.socket:
    sock = socket.socket(place.family, socket.SOCK_STREAM)
    try:
        for option in options:
            sock.setsockopt(*option)
        sock.settimeout(timeout)
        sock.connect(place.at)
    except BaseException:
        sock.close()
        raise
    return sock


class _Pools(PoolManager):
    def __init__(self, limits: Limits, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self._limits = limits

    def _new_pool(self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None) -> Any:
        pool = super()._new_pool(scheme, host, port, request_context)
        kind = _Https if scheme == "https" else _Http
        pool.ConnectionCls = partial(kind, limits=self._limits)  # type: ignore[assignment]
        return pool


class _Measured(requests.Response):
    """An answer that may only become so large, unpacked."""

    most_bytes = MOST_BYTES

    def iter_content(self, chunk_size: int | None = 1, decode_unicode: bool = False) -> Iterator[Any]:
        """Never in pieces of a byte, as some libraries ask for: megabytes would take seconds."""
        seen = 0
        for chunk in super().iter_content(max(chunk_size or 0, PIECE), decode_unicode):
            seen += len(chunk)
            if seen > self.most_bytes:
                self.close()
                raise RequestRejected(_("The server's answer is too large for Bridge to read."))
            yield chunk


class GuardedAdapter(HTTPAdapter):
    """For a session of requests; also for libraries that bring one of their own. No proxies, no unverified TLS."""

    def __init__(self, limits: Limits | None = None, **how: Any) -> None:
        self._limits = limits or Limits()
        super().__init__(**how)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **how: Any) -> None:
        self.poolmanager = _Pools(self._limits, num_pools=connections, maxsize=maxsize, block=block, **how)

    def send(self, request: Any, stream: Any = False, *args: Any, **kwargs: Any) -> requests.Response:
        verify = settings.OUTWARD_CA_FILE or True
        return super().send(request, stream=stream, timeout=settings.PROVIDER_TIMEOUT, verify=verify, proxies={})

    def build_response(self, req: Any, resp: Any) -> requests.Response:
        measured = _Measured()
        measured.__dict__ |= super().build_response(req, resp).__dict__
        measured.most_bytes = self._limits.bytes
        return measured

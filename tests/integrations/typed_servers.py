"""Servers on loopback as somebody might type them in, under any name, and how they try to harm."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)

Answer = tuple[int, list[tuple[str, str]], bytes]


class Typed:
    """Answers by path; remembers who asked for what, and with which credentials."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str, str, str | None]] = []
        """Method, host, path, Authorization."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(
            (environ["REQUEST_METHOD"], environ["HTTP_HOST"], path, environ.get("HTTP_AUTHORIZATION")),
        )
        status, headers, body = self.answers.get(path, (200, [], b"here"))
        start_response(f"{status} Whatever", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def redirects(self, path: str, to: str, status: int = 302) -> None:
        self.answers[path] = (status, [("Location", to)], b"")


class Resolver:
    """Stands in for DNS: each name has lists of addresses, one list for one look; the last one stays."""

    def __init__(self) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.aliases: dict[str, str] = {}
        self.looks: list[str] = []

    def __call__(self, host: str, port: int, *args: Any, **how: Any) -> list[Any]:
        self.looks.append(host)
        if host not in self.names:
            return _real(host, port, *args, **how)
        answers = self.names[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, self.aliases.get(host, host), at)
            for one in found
            for at in [(one, port, 0, 0) if ":" in one else (one, port)]
        ]


_real = socket.getaddrinfo


def read_request(connection: socket.socket) -> None:
    """To its end: whoever closes before that resets the connection, and what was answered may be lost."""
    with connection.makefile("rb") as stream:
        stream.readline()
        stream.read(int(http.client.parse_headers(stream).get("Content-Length", 0)))


@contextlib.contextmanager
def dripping(*pieces: bytes, pause: float = 0.05, forever: bytes = b"") -> Iterator[str]:
    """A server that sends its pieces, and then one more for ever, with pauses between them."""
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        read_request(connection)
        for piece in pieces:
            connection.sendall(piece)
        while forever and not over.wait(pause):
            connection.sendall(forever)

    with _listening(drip, over) as url:
        yield url


@contextlib.contextmanager
def _listening(answer: Callable[[socket.socket], None], over: threading.Event) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _from = listener.accept()
            with connection:
                answer(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        over.set()
        listener.close()
        thread.join(2)


@contextlib.contextmanager
def encrypted(folder: Path, name: str) -> Iterator[tuple[int, Path]]:
    """A server with a certificate of its own for this name: its port, and the file to trust."""
    both = folder / "server.pem"
    both.write_bytes(_certificate(name))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)

    def answer(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as safe:
            read_request(safe)
            safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere")

    with _listening(answer, threading.Event()) as url:
        yield int(url.strip("/").rpartition(":")[2]), both


def _certificate(name: str) -> bytes:
    """With its key, as PEM."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), now, now + DAY)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)

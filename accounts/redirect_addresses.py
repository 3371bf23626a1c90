"""Where an application may have people sent back to: https, or plain http on their own machine (RFC 8252, 7.3)."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
AT_MOST, LENGTH = 20, 500
_SHOWABLE = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&()+,=%#]+")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|::1", re.IGNORECASE)
_OURS = frozenset({"code", "state", "iss", "error", "error_description"})
_ANY_PORT = re.compile(r"(?P<host>http://(?:127\.0\.0\.1|\[::1\])):(?P<port>[1-9][0-9]{0,4})(?=[/?]|$)")


def is_acceptable(address: str) -> bool:
    """One that can be registered: absolute, with nothing hidden in it, and without what the answer carries itself."""
    if len(address) > LENGTH or not _SHOWABLE.fullmatch(address) or "#" in address:
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    is_plain = "@" not in parts.netloc and port != 0 and bool(_HOST.fullmatch(host)) and ".." not in host
    return is_safe and is_plain and not any(name in _OURS for name, _ in parse_qsl(parts.query, True))


def matches(address: str, registered: Iterable[str]) -> bool:
    """To the letter; only the port of 127.0.0.1 and [::1] is free, because programs there take the one they get."""
    known = list(registered)
    return address in known or (_portless(address) != "" and _portless(address) in map(_portless, known))


def origin(address: str) -> str:
    """For a Content-Security-Policy, which cannot name [::1] in another way."""
    parts = urlsplit(address)
    return "http:" if parts.hostname == "::1" else f"{parts.scheme}://{parts.netloc}"


def host(address: str) -> str:
    """As it is shown to people."""
    return urlsplit(address).netloc


def _portless(address: str) -> str:
    """Empty: not on a loopback address."""
    found = _ANY_PORT.match(address)
    if found:
        return found["host"] + address[found.end() :] if int(found["port"]) < 65536 else ""
    return address if re.match(r"http://(127\.0\.0\.1|\[::1\])([/?]|$)", address) else ""

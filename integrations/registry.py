"""The list of providers."""

from collections.abc import Iterator

from integrations.providers.base import OAuthProvider, Provider
from integrations.providers.builtin.provider import Builtin
from integrations.providers.zoom.provider import Zoom

BUILTIN = Builtin()
OAUTH: tuple[OAuthProvider, ...] = (Zoom(),)


class UnknownProvider(LookupError):
    pass


def providers() -> Iterator[Provider]:
    """All of them, those to connect first."""
    yield from OAUTH
    yield BUILTIN


def provider(key: str) -> Provider:
    """Raises UnknownProvider."""
    for known in providers():
        if known.key == key:
            return known
    raise UnknownProvider(key)


def label(key: str) -> str:
    """What people call it."""
    return str(provider(key).label)


def oauth(key: str) -> OAuthProvider:
    """One that people connect. Raises UnknownProvider."""
    for known in OAUTH:
        if known.key == key:
            return known
    raise UnknownProvider(key)

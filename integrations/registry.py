"""The list of providers."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from integrations.providers.base import Connectable, OAuthProvider, PasswordProvider, Provider, Webinars
from integrations.providers.builtin.provider import Builtin
from integrations.providers.caldav.provider import CalDav
from integrations.providers.exchange import cloud
from integrations.providers.exchange.online import Office365
from integrations.providers.exchange.provider import Exchange
from integrations.providers.google.provider import Google
from integrations.providers.microsoft.provider import Microsoft
from integrations.providers.zoom.provider import Zoom

P = TypeVar("P", bound=Provider)
BUILTIN = Builtin()
OAUTH: tuple[OAuthProvider, ...] = (Zoom(), Google(), Microsoft())
PASSWORD: tuple[PasswordProvider, ...] = (Exchange(), Office365(), CalDav())
NO_PASSWORD_AT = cloud.HOSTS
"""Where people sign in at the service's own pages: an organization may bar passwords from there."""


class UnknownProvider(LookupError):
    pass


def providers() -> Iterator[Provider]:
    """All of them, those to connect first."""
    yield from connectables()
    yield BUILTIN


def connectables() -> Iterator[Connectable]:
    """Those that people connect."""
    yield from OAUTH
    yield from PASSWORD


def with_calendars() -> Iterator[Connectable]:
    return (known for known in connectables() if known.calendaring)


def with_servers() -> Iterator[PasswordProvider]:
    """Those whose server an organization may name for everybody."""
    return (known for known in PASSWORD if known.versions)


def takes_passwords(key: str) -> bool:
    return any(known.key == key for known in PASSWORD)


def for_everybody() -> Iterator[PasswordProvider]:
    """Those that members never connect themselves."""
    return (known for known in PASSWORD if known.for_everybody)


def with_meetings() -> Iterator[Connectable]:
    return (known for known in connectables() if known.conferencing)


def for_organizations() -> Iterator[OAuthProvider]:
    """Those that are connected once for everybody."""
    return (known for known in OAUTH if known.organization_template)


def provider(key: str) -> Provider:
    """Raises UnknownProvider."""
    return _in(providers(), key)


def label(key: str) -> str:
    """What people call it."""
    return str(provider(key).label)


def place(key: str) -> str:
    """What people call a meeting there."""
    known = provider(key)
    conferencing = getattr(known, "conferencing", None)
    return str(conferencing.place if conferencing else known.label)


def called_elsewhere(word: str) -> str:
    """Which one other scheduling systems mean by it in their files; empty for none of ours."""
    return next((known.key for known in with_meetings() if word in getattr(known, "called_elsewhere", ())), "")


def webinars(key: str) -> Webinars | None:
    """Few providers have any."""
    return getattr(connectable(key), "webinars", None)


def connectable(key: str) -> Connectable:
    """One that people connect. Raises UnknownProvider."""
    return _in(connectables(), key)


def password(key: str) -> PasswordProvider:
    """One that people connect by name and password. Raises UnknownProvider."""
    return _in(PASSWORD, key)


def oauth(key: str) -> OAuthProvider:
    """One whose own pages people sign in at. Raises UnknownProvider."""
    return _in(OAUTH, key)


def _in(some: Iterable[P], key: str) -> P:
    for known in some:
        if known.key == key:
            return known
    raise UnknownProvider(key)

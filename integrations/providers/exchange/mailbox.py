"""An opened mailbox: exchangelib brings the handshake, the envelope, who is impersonated, and the version.

What it keeps for the life of a process is undone here: its cache of protocols holds passwords, so each mailbox has
credentials of its own that equal no others and are taken out again; it never sleeps and never repeats a call by itself;
a password that is refused is not sent a second time, whatever else the answer says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from django.conf import settings
from exchangelib import DELEGATE, IMPERSONATION, Account, Configuration, Credentials
from exchangelib.errors import UnauthorizedError
from exchangelib.ewsdatetime import EWSTimeZone
from exchangelib.protocol import BaseProtocol, FailFast, Protocol
from exchangelib.services.common import EWSAccountService
from exchangelib.transport import NOAUTH
from exchangelib.version import Build, Version

from integrations import safe_xml, transport
from integrations.guarded import GuardedAdapter, Limits
from integrations.providers.exchange import cloud, schemes
from integrations.types import Login

BUILDS = {
    "2013": Build(15, 0, 847),
    "2016": Build(15, 1),
    "2019": Build(15, 2),
    "se": Build(15, 2),
    "online": Build(15, 20),
}
AGENT = "Bridge"
NOBODY = "nobody@bridge.invalid"
"""exchangelib insists on an address; without impersonation it only helps the balancer."""


class SwitchedOff(Exception):
    """403: the server takes no such calls from us."""


class _Adapter(GuardedAdapter):
    """Never to the cloud: what goes this way carries a password."""

    bars: tuple[str, ...] = cloud.HOSTS

    def __init__(self, **how: Any) -> None:
        super().__init__(Limits(bars=self.bars), **how)

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(request, *args, **kwargs)
        if response.status_code in (200, 500):
            safe_xml.check(response.content)
        return response


BaseProtocol.HTTP_ADAPTER_CLS = _Adapter
BaseProtocol.USERAGENT = AGENT
BaseProtocol.TIMEOUT = sum(settings.PROVIDER_TIMEOUT)


class _CloudAdapter(_Adapter):
    bars: tuple[str, ...] = ()


class _WithPassword(Protocol):  # type: ignore[misc]
    def create_session(self) -> requests.Session:
        """Without what this machine knows of passwords and proxies."""
        session: requests.Session = super().create_session()
        session.trust_env = False
        return session


class _WithToken(_WithPassword):
    HTTP_ADAPTER_CLS = _CloudAdapter
    token = ""

    def create_session(self) -> requests.Session:
        session = super().create_session()
        session.headers["Authorization"] = f"Bearer {self.token}"
        return session


class _Own(Credentials):  # type: ignore[misc]
    """Equal to no others, so that no two mailboxes share what exchangelib keeps for them."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__


class AskAnew(Exception):
    """The server does not take this way to sign in any more; the password was not looked at."""


class Once(FailFast):  # type: ignore[misc]
    def __init__(self, address: str, scheme: str) -> None:
        self._address, self._scheme = address, scheme

    def raise_response_errors(self, response: requests.Response) -> None:
        """What exchangelib takes for a busy server (401 on a connection that closes) may be a wrong password."""
        if response.status_code == 401:
            raise self._refusal(response.headers.get("WWW-Authenticate", "").lower())
        if response.status_code == 403:
            raise SwitchedOff
        super().raise_response_errors(response)

    def _refusal(self, offers: str) -> Exception:
        if self._scheme == NOAUTH:  # a token; the secret behind it was not looked at
            return AskAnew()
        if offers and not any(one in offers for one in schemes.WORDS[self._scheme]):
            schemes.forget(self._address)
            return AskAnew()
        refused: Exception = UnauthorizedError("refused")
        return refused


class Mailbox(requests.Session):
    """`calendaring` only asks; the session's own methods are not for use."""

    def __init__(self, account: Account) -> None:
        super().__init__()
        self.account = account

    def ask(self, service: type[EWSAccountService], payload: Any) -> list[Any]:
        """The messages of the answer, one for each thing asked for; what was refused in part, as exceptions."""
        return list(service(account=self.account)._get_elements(payload))


@contextmanager
def opened(login: Login) -> Iterator[Mailbox]:
    """By its password. Nothing is sent yet, unless it has to be found out how to sign in there."""
    transport.require_no_transaction()
    scheme = schemes.found(login.address)
    config = _configuration(login, login.password, scheme)
    with _talking(login, config, _WithPassword) as mailbox:
        yield mailbox


@contextmanager
def opened_by_token(login: Login, token: str) -> Iterator[Mailbox]:
    """In the cloud, where no password goes."""
    config = _configuration(login, "", NOAUTH)
    with _talking(login, config, _WithToken) as mailbox:
        mailbox.account.protocol.token = token
        yield mailbox


def _configuration(login: Login, password: str, scheme: str) -> Configuration:
    return Configuration(
        credentials=_Own(login.username, password),
        service_endpoint=login.address,
        auth_type=scheme,
        version=Version(BUILDS.get(login.version, BUILDS["2016"])),
        retry_policy=Once(login.address, scheme),
        max_connections=1,
    )


@contextmanager
def _talking(login: Login, config: Configuration, protocol: type[Protocol]) -> Iterator[Mailbox]:
    access = IMPERSONATION if login.acting_for else DELEGATE
    whose = login.acting_for or (login.username if "@" in login.username else NOBODY)
    account = Account(whose, config=config, access_type=access, default_timezone=EWSTimeZone("UTC"))
    del Protocol[config]
    account.protocol = protocol(config=config)
    try:
        with Mailbox(account) as mailbox:
            yield mailbox
    finally:
        account.protocol.close()
        del Protocol[config]

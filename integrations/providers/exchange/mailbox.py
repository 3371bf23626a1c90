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
from exchangelib.version import Build, Version

from integrations import safe_xml, transport
from integrations.guarded import GuardedAdapter, Limits
from integrations.providers.exchange import cloud, schemes
from integrations.types import Login

BUILDS = {"2013": Build(15, 0, 847), "2016": Build(15, 1), "2019": Build(15, 2), "se": Build(15, 2)}
AGENT = "Bridge"
NOBODY = "nobody@bridge.invalid"
"""exchangelib insists on an address; without impersonation it only helps the balancer."""


class SwitchedOff(Exception):
    """403: the server takes no such calls from us."""


class _Adapter(GuardedAdapter):
    """Guarded, and never to the cloud: all that goes this way carries a password."""

    def __init__(self, **how: Any) -> None:
        super().__init__(Limits(bars=cloud.HOSTS), **how)

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(request, *args, **kwargs)
        if response.status_code in (200, 500):
            safe_xml.check(response.content)
        return response


BaseProtocol.HTTP_ADAPTER_CLS = _Adapter
BaseProtocol.USERAGENT = AGENT
BaseProtocol.TIMEOUT = sum(settings.PROVIDER_TIMEOUT)


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
    """Nothing is sent yet, unless it has to be found out how to sign in there."""
    transport.require_no_transaction()
    scheme = schemes.found(login.address)
    config = Configuration(
        credentials=_Own(login.username, login.password),
        service_endpoint=login.address,
        auth_type=scheme,
        version=Version(BUILDS.get(login.version, BUILDS["2016"])),
        retry_policy=Once(login.address, scheme),
        max_connections=1,
    )
    access = IMPERSONATION if login.acting_for else DELEGATE
    whose = login.acting_for or (login.username if "@" in login.username else NOBODY)
    account = Account(whose, config=config, access_type=access, default_timezone=EWSTimeZone("UTC"))
    try:
        with Mailbox(account) as mailbox:
            yield mailbox
    finally:
        account.protocol.close()
        del Protocol[config]

"""An authorised HTTP session for a connection: the provider's paths in, good answers or one of our four errors out."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.utils.translation import gettext as _
from requests import Response, Session
from requests_oauthlib import OAuth2Session

from integrations import grants, logins, registry, transport
from integrations.exceptions import AuthorizationLost, ProviderUnavailable
from integrations.models import Connection, Grant
from integrations.providers.base import OAuthProvider
from integrations.types import AppKind, Token

logger = logging.getLogger(__name__)

MOST_TOKENS = 3
_ADDRESS = re.compile(r"[^/]+(?:@|%40)[^/?]+")
"""A calendar is called by its owner's e-mail at some; none of that goes into the log."""


class Credential(Protocol):
    def token(self) -> str: ...

    def another(self, refused: str) -> str:
        """One to use instead; raises AuthorizationLost if there is none."""

    def lacks(self, scopes: frozenset[str]) -> None: ...


class Authorized(OAuth2Session):
    """Paths begin below the provider's API; one with a second API gives the whole address. Tokens come from the
    credential, which knows how to renew them.

    Not for sharing between threads: make one per task.
    """

    def __init__(self, provider: OAuthProvider, credential: Credential, root: str) -> None:
        super().__init__()
        self.provider, self.credential, self.root = provider, credential, root

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> Response:
        """A good answer. A call that was refused for its token is repeated with a fresh one: it did not happen."""
        response = self._accepted(str(method), str(url), **kwargs)
        if problem := self.provider.problem(response):
            if isinstance(problem, AuthorizationLost):
                self.credential.lacks(problem.missing_scopes)
            raise problem
        return response

    def _accepted(self, method: str, path: str, **how: Any) -> Response:
        token = self.credential.token()
        for _attempt in range(MOST_TOKENS):
            self.token = {"access_token": token, "token_type": "Bearer"}
            address = path if path.startswith(("https://", "http://")) else self.root + path
            response = transport.send(super().request, method, address, name=str(self.provider.label), **how)
            self._log(method, path, response)
            if not self.provider.refuses_token(response):
                return response
            token = self.credential.another(token)
        raise ProviderUnavailable(_("Access is just being renewed. Bridge tries again in a moment."), reached=False)

    def _log(self, method: str, path: str, response: Response) -> None:
        trace, path = response.headers.get(self.provider.trace_header, "-"), _ADDRESS.sub("…", path)
        logger.info("%s %s %s: %s, trace %s", self.provider.key, method, path, response.status_code, trace[:100])


@contextmanager
def of(connection: Connection, *, acting_for: str = "") -> Iterator[Session]:
    """As the connection's account. Raises AuthorizationLost if the connection ended or is gone."""
    current = Connection.objects.select_related("grant").filter(pk=connection.pk).first()
    if current is None or not current.is_usable:
        raise AuthorizationLost(_("The account is not connected any more."))
    with holding(current.grant, acting_for=acting_for) as http:
        yield http


@contextmanager
def holding(grant: Grant, *, acting_for: str = "") -> Iterator[Session]:
    """As the account of this grant, whoever may use it. acting_for: which mailbox, where it opens several."""
    if grant.kind == AppKind.PASSWORD:
        with logins.session(grant, acting_for=acting_for) as opened:
            yield opened
        return
    provider = registry.oauth(grant.provider)
    with Authorized(provider, _OfGrant(grant), provider.api_root(grant.api_url)) as http:
        yield http


@contextmanager
def by(provider: OAuthProvider, token: Token) -> Iterator[Authorized]:
    """With a token that no grant holds yet, to see whose it is."""
    with Authorized(provider, _OfToken(token), provider.api_root(token.api_url)) as http:
        yield http


class _OfGrant:
    def __init__(self, grant: Grant) -> None:
        self._grant, self._fresh = grant, ""

    def token(self) -> str:
        return grants.access_token(self._grant)

    def another(self, refused: str) -> str:
        if refused == self._fresh:
            grants.refuse(self._grant, refused)
        self._fresh = grants.access_token(self._grant, instead_of=refused)
        return self._fresh

    def lacks(self, scopes: frozenset[str]) -> None:
        grants.lacks(self._grant, scopes)


class _OfToken:
    def __init__(self, token: Token) -> None:
        self._token = token.access_token

    def token(self) -> str:
        return self._token

    def another(self, refused: str) -> str:
        raise AuthorizationLost(_("The service does not accept the access it has just given."))

    def lacks(self, scopes: frozenset[str]) -> None:
        """There is no grant yet that could lack them."""

"""An application sends somebody to us and asks (RFC 6749, 4.1.1); what he answers goes back to it, with `iss`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from oauth2_provider.oauth2_backends import OAuthLibCore, get_oauthlib_core
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2.rfc6749 import errors

from accounts import redirect_addresses
from accounts.models import Application, User

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
"""What S256 makes (RFC 7636, 4.2)."""


class Unfit(Exception):
    """Neither who asks nor where the answer would go is certain, so nobody is sent anywhere.

    application: known, but not allowed to ask now.
    """

    def __init__(self, application: Application | None = None) -> None:
        super().__init__()
        self.application = application


class Refused(Exception):
    """The application is told by the address `url` what is wrong with what it asked."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


@dataclass(frozen=True)
class Asked:
    """Checked. `credentials`: what travels into the code unchanged."""

    application: Application
    scopes: list[str]
    credentials: dict[str, Any]

    @property
    def redirect_uri(self) -> str:
        return str(self.credentials["redirect_uri"])

    @property
    def host(self) -> str:
        return redirect_addresses.host(self.redirect_uri)

    @property
    def origin(self) -> str:
        return redirect_addresses.origin(self.redirect_uri)


def read(request: HttpRequest) -> Asked:
    """From the address alone: what a form sends cannot change what was asked. Raises Unfit or Refused."""
    if "%00" in request.GET.urlencode():  # PostgreSQL knows no NUL
        raise Unfit
    core = get_oauthlib_core()
    try:
        scopes, credentials = core.server.validate_authorization_request(*_address(core, request))
        _check(credentials)
    except errors.FatalClientError as error:
        raise Unfit(_known(request.GET.get("client_id", ""))) from error
    except errors.OAuth2Error as error:
        raise Refused(_told(str(error.redirect_uri), error)) from error
    except ValueError as error:
        raise Unfit from error
    return Asked(credentials["request"].client, list(dict.fromkeys(scopes)), _kept(credentials))


def allowed(request: HttpRequest, asked: Asked, *, by: User, scopes: Iterable[str]) -> str:
    """Where he is sent with the code. The consent is written already."""
    core, credentials = get_oauthlib_core(), asked.credentials | {"user": by}
    uri, method, body, headers = _address(core, request)
    answer, _, _ = core.server.create_authorization_response(uri, method, body, headers, list(scopes), credentials)
    return _with_issuer(answer["Location"])


def denied(asked: Asked) -> str:
    return _told(asked.redirect_uri, errors.AccessDeniedError(state=asked.credentials["state"]))


def _address(core: OAuthLibCore, request: HttpRequest) -> tuple[str, str, None, dict[str, Any]]:
    uri, _, _, headers = core._extract_params(request)
    return uri, "GET", None, headers


def _check(credentials: dict[str, Any]) -> None:
    """What the toolkit would store without a look."""
    request = credentials["request"]
    if not _CHALLENGE.fullmatch(credentials["code_challenge"]):
        raise errors.InvalidRequestError(description="The code_challenge is not one of S256.", request=request)
    if request.response_mode not in (None, "query"):
        raise errors.InvalidRequestError(description="Only response_mode=query is supported.", request=request)


def _kept(credentials: dict[str, Any]) -> dict[str, Any]:
    names = "client_id", "redirect_uri", "response_type", "state", "code_challenge", "code_challenge_method"
    return {name: credentials[name] for name in names} | {"nonce": "", "claims": {}, "resource": []}


def _known(client_id: str) -> Application | None:
    found: Application | None = Application.objects.filter(client_id=client_id).first()
    return found


def _told(redirect_uri: str, error: errors.OAuth2Error) -> str:
    said: Any = error.twotuples
    return _with_issuer(add_params_to_uri(redirect_uri, said))


def _with_issuer(url: str) -> str:
    """So that nobody takes our answer for another server's (RFC 9207)."""
    return str(add_params_to_uri(url, [("iss", settings.BASE_URL)]))

"""Tokens of an application in the cloud, by its own credentials: EWS there takes nothing else.

https://learn.microsoft.com/en-us/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth
"""

import hashlib
import time
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from integrations.exceptions import AuthorizationLost, ProviderUnavailable, RequestRejected
from integrations.outward import Outward
from integrations.types import Login

SCOPE = "https://outlook.office365.com/.default"
EARLY = 120.0
MOST = 1000
_kept: dict[tuple[str, str, str], tuple[str, float]] = {}


def token(login: Login) -> str:
    """`username` is tenant/client id, `password` the client secret. Raises our errors."""
    key = _key(login)
    known, until = _kept.get(key, ("", 0.0))
    if time.monotonic() < until:
        return known
    known, life = _asked(login)
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = known, time.monotonic() + life - EARLY
    return known


def forget(login: Login) -> None:
    _kept.pop(_key(login), None)


def split(username: str) -> tuple[str, str]:
    """Tenant and client id. Raises RequestRejected."""
    tenant, slash, client_id = username.strip().partition("/")
    if not (tenant and slash and client_id) or "/" in client_id:
        raise RequestRejected(_("Write the directory (tenant) ID, a slash and the application (client) ID."))
    return tenant, client_id


def _key(login: Login) -> tuple[str, str, str]:
    return settings.MICROSOFT_OAUTH_URL, login.username, hashlib.sha256(login.password.encode()).hexdigest()


def _asked(login: Login) -> tuple[str, float]:
    tenant, client_id = split(login.username)
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": login.password, "scope": SCOPE}
    with Outward("Microsoft") as http:
        url = f"{settings.MICROSOFT_OAUTH_URL}/{tenant}/oauth2/v2.0/token"
        answer = http.post(url, data=form, allow_redirects=False)
    content = _content(answer)
    if answer.status_code == 200 and content.get("access_token"):
        return str(content["access_token"]), float(content.get("expires_in") or 0)
    raise _problem(answer, content)


def _problem(answer: requests.Response, content: dict[str, Any]) -> Exception:
    detail = f"HTTP {answer.status_code}, {content.get('error_codes')}"
    if content.get("error") == "invalid_client":
        return AuthorizationLost(_("Microsoft does not accept the application’s secret any more."), detail=detail)
    if answer.status_code in (400, 401, 403):
        return RequestRejected(_("Microsoft does not know this tenant or application."), detail=detail)
    sentence = _("Microsoft’s answer could not be read. Bridge tries again in a moment.")
    return ProviderUnavailable(sentence, reached=False, detail=detail)


def _content(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

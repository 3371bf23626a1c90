"""Google's failures in our words. A 403 may be a limit, a quota, a scope or a right: only the reasons tell.

https://developers.google.com/workspace/calendar/api/guides/errors
"""

import re
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from requests import Response

from integrations.exceptions import (
    AuthorizationLost,
    OperatorNeeded,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from integrations.providers.google import scopes

RATE = {"userRateLimitExceeded", "rateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
QUOTA = {"quotaExceeded", "dailyLimitExceeded", "RESOURCE_EXHAUSTED"}
SCOPE = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
SWITCHED_OFF = {"accessNotConfigured", "SERVICE_DISABLED"}
FORGOTTEN = {"fullSyncRequired", "updatedMinTooLongAgo", "EXPIRED_SYNC_TOKEN"}
MINUTE, HOURS = timedelta(minutes=1), timedelta(hours=3)
_SECRETS = re.compile(r"https?://\S+|ya29\.\S+|[\w.+-]+@[\w.-]+")


class Refused(RequestRejected):
    """With Google's reasons, for this folder."""

    def __init__(self, sentence: str, *, reasons: frozenset[str], code: int, missing: bool, detail: str) -> None:
        super().__init__(sentence, missing=missing, code=code, detail=detail)
        self.reasons = reasons


def content(response: Response) -> dict[str, Any]:
    """The JSON object of a good answer. Raises ProviderUnavailable: it may have taken effect, but we cannot read it."""
    found = _json(response)
    if found is None:
        raise unclear(response)
    return found


def unclear(response: Response) -> ProviderUnavailable:
    sentence = _("Google’s answer could not be read. Bridge looks at Google again in a moment.")
    return ProviderUnavailable(sentence, detail=_detail(response))


def refuses_token(response: Response) -> bool:
    return response.status_code == 401


def problem(response: Response) -> ProviderError | None:
    """What went wrong with a call of an API, if anything."""
    if response.status_code < 300:
        return None
    reasons, detail = _reasons(response), _detail(response)
    if limited := _limited(response, reasons, detail):
        return limited
    if response.status_code >= 500 or (_json(response) is None and response.status_code not in (404, 410)):
        return ProviderUnavailable(_("Google has a problem of its own. Bridge keeps trying."), detail=detail)
    if response.status_code == 401:
        return AuthorizationLost(_("Google no longer accepts Bridge’s access."), detail=detail)
    return _refused(response, reasons, detail)


def token_problem(response: Response) -> ProviderError | None:
    """What went wrong at the token endpoint, if anything. Only a dead grant or code is AuthorizationLost."""
    if response.status_code < 300:
        return None
    error, detail = str((_json(response) or {}).get("error", "")), _detail(response)
    if response.status_code == 429:
        return _rate(response, MINUTE, detail)
    if response.status_code >= 500 or not error:
        return ProviderUnavailable(_("Google has a problem of its own. Bridge keeps trying."), detail=detail)
    if error == "invalid_grant":
        return AuthorizationLost(_("Google no longer accepts Bridge’s access."), detail=detail)
    if error in ("admin_policy_enforced", "org_internal", "access_denied"):
        sentence = _("Your organization does not allow Bridge at Google. Ask your Google admin to trust the app.")
        return ProviderUnavailable(sentence, reached=False, detail=detail)
    return _misconfigured(about=_setting(error), detail=detail)


def _setting(error: str) -> str:
    if error == "redirect_uri_mismatch":
        return "redirect"
    return "client" if error.endswith("_client") else ""


def _refused(response: Response, reasons: frozenset[str], detail: str) -> ProviderError:
    status = response.status_code
    if reasons & SCOPE:
        asked = response.request
        missing = scopes.lacking(asked.method or "", asked.path_url.partition("?")[0])
        sentence = _(
            "Bridge was not allowed to do this at Google. Reconnect the account and leave every tick in place."
        )
        return AuthorizationLost(sentence, missing_scopes=missing, detail=detail)
    if reasons & SWITCHED_OFF:
        return _misconfigured(about="", detail=detail)
    gone = status == 404 or (status == 410 and not reasons & FORGOTTEN)
    return Refused(_sentence(status, reasons), reasons=reasons, code=status, missing=gone, detail=detail)


def _sentence(status: int, reasons: frozenset[str]) -> str:
    if "notACalendarUser" in reasons:
        return _("Google Calendar is switched off for this account. Ask your Google admin.")
    if "pushNotSupportedForRequestedResource" in reasons:
        return _("Google does not tell of changes in this calendar. Bridge looks by itself.")
    if status in (404, 410):
        return _("It is no longer at Google.")
    if status == 403:
        return _("This Google account may not change that calendar or event.")
    return _("Google refused this.")


def _limited(response: Response, reasons: frozenset[str], detail: str) -> RateLimited | None:
    if reasons & QUOTA:
        sentence = _("Google takes no more changes from this account for some hours. Bridge goes on by itself.")
        return RateLimited(sentence, retry_after=_wait(response, HOURS), detail=detail)
    if response.status_code == 429 or reasons & RATE:
        return _rate(response, MINUTE, detail)
    return None


def _rate(response: Response, otherwise: timedelta, detail: str) -> RateLimited:
    sentence = _("Google asks Bridge to wait a moment. It goes on by itself.")
    return RateLimited(sentence, retry_after=_wait(response, otherwise), detail=detail)


def _wait(response: Response, otherwise: timedelta) -> timedelta:
    told = response.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(told), 86_400)) if told.isdecimal() and len(told) < 9 else otherwise


def _misconfigured(*, about: str, detail: str) -> OperatorNeeded:
    sentence = _("Google does not accept Bridge’s own settings. Nothing is lost; whoever runs Bridge must mend them.")
    return OperatorNeeded(sentence, about=about, detail=detail)


def _reasons(response: Response) -> frozenset[str]:
    """Both lists: the newer reasons stand in `details` only."""
    error = (_json(response) or {}).get("error")
    if not isinstance(error, dict):
        return frozenset()
    listed = [*(error.get("errors") or ()), *(error.get("details") or ())]
    return frozenset(str(one.get("reason")) for one in listed if isinstance(one, dict) and one.get("reason"))


def _detail(response: Response) -> str:
    """Status, reasons, words: without links, tokens and addresses, and short."""
    body = _json(response) or {}
    error = body.get("error")
    words = [*sorted(_reasons(response))]
    words += [str(error.get("message", ""))] if isinstance(error, dict) else [str(error or "")]
    words.append(str(body.get("error_description", "")))
    return _SECRETS.sub("…", f"HTTP {response.status_code} {' '.join(filter(None, words))}".strip())[:500]


def _json(response: Response) -> dict[str, Any] | None:
    try:
        found = response.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

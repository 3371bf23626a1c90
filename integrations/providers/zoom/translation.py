"""Zoom's answers in our words: bodies and failures.

Zoom's codes collide with HTTP's numbers (its code 200 is an error), bodies may be empty, HTML or cut short, and the
status of some errors varies; so an error is recognised by its code and words first.
https://developers.zoom.us/docs/api/errors/
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
from integrations.providers.zoom import limits

_SCOPES = re.compile(r"does not contain scopes?:?\s*\[([^\]]*)\]", re.IGNORECASE)
_GONE = ("is not found or has expired", "meeting does not exist")
_SECRETS = re.compile(r"https?://\S+|eyJ[\w.-]+|Invalid authorization code \S+")


def content(response: Response) -> dict[str, Any]:
    """The JSON object of a good answer. Raises ProviderUnavailable: it may have taken effect, but we cannot read it."""
    found = _json(response)
    if found is None:
        raise unclear(response)
    return found


def unclear(response: Response) -> ProviderUnavailable:
    sentence = _("Zoom’s answer could not be read. Bridge looks at Zoom again in a moment.")
    return ProviderUnavailable(sentence, detail=_detail(response))


def refuses_token(response: Response) -> bool:
    """401, or code 124 under any status; but never a missing scope, where a fresh token would not help."""
    code = _code(response)
    return code == 124 or (response.status_code == 401 and code is not None and not _lacks_scopes(response))


def problem(response: Response) -> ProviderError | None:
    """What went wrong with a call of the API, if anything."""
    if response.status_code < 300:
        return None
    if response.status_code == 429:
        return limits.rate_limited(response, _message(response), _detail(response))
    if _code(response) is None or response.status_code >= 500:
        return _down(response)
    if _lacks_scopes(response):
        return _scopes_missing(response)
    return _by_code(response)


def token_problem(response: Response) -> ProviderError | None:
    """What went wrong at the token endpoint, if anything. Only a dead grant or code is AuthorizationLost."""
    if response.status_code < 300:
        return None
    if response.status_code == 429:
        return limits.rate_limited(response, _message(response), _detail(response))
    body = _json(response) or {}
    error, reason = str(body.get("error", "")), str(body.get("reason", ""))
    if response.status_code >= 500 or not error:
        return _down(response)
    # Older answers say invalid_request where newer ones say invalid_grant.
    if error == "invalid_grant" or reason.startswith(("Invalid Token", "Invalid authorization code")):
        return AuthorizationLost(_("Zoom no longer accepts Bridge’s access."), detail=_detail(response))
    return OperatorNeeded(
        _("Zoom does not accept Bridge’s own settings. Nothing is lost; whoever runs Bridge must mend them."),
        about=_setting(error, reason),
        detail=_detail(response),
    )


def _setting(error: str, reason: str) -> str:
    if error == "invalid_client":
        return "client"
    return "redirect" if "redirect" in reason.lower() else ""


def _by_code(response: Response) -> ProviderError:
    code, detail = _code(response), _detail(response)
    if _is_gone(response, code):
        return RequestRejected(_("The meeting is no longer in Zoom."), missing=True, detail=detail)
    if code == 3002:
        sentence = _("The Zoom meeting is running just now; Bridge tries again when it may be over.")
        return RateLimited(sentence, retry_after=timedelta(minutes=15), detail=detail)
    return RequestRejected(_sentence(response.status_code, code), code=code or 0, detail=detail)


def _is_gone(response: Response, code: int | None) -> bool:
    """3001; 3007 is a meeting that has ended; older answers put it into words."""
    return code in (3001, 3007) or any(words in _message(response).lower() for words in _GONE)


def _sentence(status: int, code: int | None) -> str:
    match status, code:
        case _, 200:
            return _("Zoom says that the account’s plan or your role there does not include this.")
        case _, 300:
            return _("Zoom did not accept the details of this meeting.")
        case _, 1001 | 1010 | 1120:
            return _("Zoom does not know this Zoom user any more.")
        case _, 3000:
            return _("A rule of the Zoom account stands against this, or the meeting was made a webinar.")
        case _, 3003:
            return _("Another Zoom user hosts this meeting, so this account may not change it.")
        case _, 3161:
            return _("This Zoom user may not host meetings: in Zoom the licence for meetings is missing.")
        case 403, _:
            return _("The Zoom account does not let Bridge in. Please ask your Zoom admin to allow the app.")
    return _("Zoom refused this.")


def _scopes_missing(response: Response) -> AuthorizationLost:
    found = _SCOPES.search(_message(response))
    names = frozenset(re.split(r"[,\s]+", found[1].strip())) - {""} if found else frozenset()
    sentence = _(
        "Bridge was not allowed to do this at Zoom. Reconnect the account and allow everything that is listed."
    )
    return AuthorizationLost(sentence, missing_scopes=names, detail=_detail(response))


def _lacks_scopes(response: Response) -> bool:
    return _code(response) in (4711, 4700) or bool(_SCOPES.search(_message(response)))


def _down(response: Response) -> ProviderUnavailable:
    return ProviderUnavailable(_("Zoom has a problem of its own. Bridge keeps trying."), detail=_detail(response))


def _code(response: Response) -> int | None:
    """Zoom's code; 0 where the body is Zoom's but names none; None where the body is not Zoom's."""
    body = _json(response)
    if body is None:
        return None
    code = str(body.get("code", ""))
    return int(code) if code.isdecimal() and len(code) < 9 else 0


def _message(response: Response) -> str:
    return str((_json(response) or {}).get("message", ""))


def _detail(response: Response) -> str:
    """Status, code, words, fields: without links and tokens, and short."""
    body = _json(response) or {}
    words = [str(body[name]) for name in ("code", "error", "message", "reason") if body.get(name)]
    errors = body.get("errors")
    words += (
        [str(item.get("field", "")) for item in errors if isinstance(item, dict)] if isinstance(errors, list) else []
    )
    return _SECRETS.sub("…", f"HTTP {response.status_code} {' '.join(words)}".strip())[:500]


def _json(response: Response) -> dict[str, Any] | None:
    try:
        found = response.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

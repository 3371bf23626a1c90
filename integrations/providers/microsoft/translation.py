"""Microsoft's failures in our words, and the bodies of good answers.

The token endpoint is judged by `error` alone, as Microsoft asks; the numbers in `error_codes` only choose words.
https://learn.microsoft.com/entra/identity-platform/reference-error-codes, https://learn.microsoft.com/graph/errors
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

PAUSE, LONGEST = timedelta(seconds=30), timedelta(hours=1)
FORGOTTEN, CONFLICT = 410, 409
"""HTTP statuses that calls want to know of: RequestRejected.code."""
LOST = ("invalid_grant", "interaction_required", "login_required", "consent_required")
PASSING = ("temporarily_unavailable", "server_error")
LOOP = 50196
"""Too many of the same requests: the grant lives, only we must be quiet."""
NEEDS_ADMIN = (90094, 90095, 900941)
NEEDS_CONSENT = (65001, 90008)
BLOCKED = (53000, 53001, 53002, 53003, 53004, 530032, 530035)
GONE = ("ErrorItemNotFound", "ResourceNotFound", "Request_ResourceNotFound", "itemNotFound")
_SECRETS = re.compile(r"https?://\S+|eyJ[\w.-]+|\b[01]\.[\w-]{40,}")


def content(response: Response) -> dict[str, Any]:
    """The JSON object of a good answer. Raises ProviderUnavailable: it may have taken effect, but we cannot read it."""
    found = _json(response)
    if found is None:
        raise unclear(response)
    return found


def unclear(response: Response) -> ProviderUnavailable:
    sentence = _("Microsoft’s answer could not be read. Bridge looks there again in a moment.")
    return ProviderUnavailable(sentence, detail=_detail(response))


def refuses_token(response: Response) -> bool:
    return response.status_code == 401


def problem(response: Response) -> ProviderError | None:
    """What went wrong with a call of Graph, if anything."""
    status, code = response.status_code, _code(response)
    if status < 300:
        return None
    if status == 429:
        return _busy(response)
    if status >= 500 or not code:
        return _down(response)
    if status == 404 and code in GONE:
        return RequestRejected(_("It is no longer in the calendar."), missing=True, detail=_detail(response))
    return RequestRejected(_sentence(status, code), code=status, detail=_detail(response))


def token_problem(response: Response) -> ProviderError | None:
    """What went wrong at the token endpoint, if anything. Only a dead grant or code is AuthorizationLost."""
    if response.status_code < 300:
        return None
    error = str((_json(response) or {}).get("error", ""))
    if response.status_code == 429 or LOOP in _numbers(response):
        return _busy(response)
    if response.status_code >= 500 or not error or error in PASSING:
        return _down(response)
    if error in LOST:
        return AuthorizationLost(_lost(response), detail=_detail(response))
    about = "client" if error == "invalid_client" else ""
    sentence = _(
        "Microsoft does not accept Bridge’s own settings. Nothing is lost; whoever runs Bridge must mend them."
    )
    return OperatorNeeded(sentence, about=about, detail=_detail(response))


def _lost(response: Response) -> str:
    numbers = _numbers(response)
    if numbers & {*NEEDS_ADMIN}:
        return _("Your organization’s Microsoft administrator has to approve Bridge first. Then connect again.")
    if numbers & {*NEEDS_CONSENT}:
        return _("Bridge is not allowed at Microsoft any more: somebody has to consent again. Please reconnect.")
    if numbers & {*BLOCKED}:
        return _("A rule of your organization at Microsoft keeps Bridge out. Please ask your Microsoft administrator.")
    if 50057 in numbers:
        return _("This Microsoft account is switched off. Please ask your Microsoft administrator.")
    return _("Microsoft no longer accepts Bridge’s access. Please reconnect the account.")


def _sentence(status: int, code: str) -> str:
    if code == "MailboxNotEnabledForRESTAPI":
        return _(
            "This Microsoft account has no mailbox in the Microsoft cloud: it has no licence for one, is a guest, or "
            "its mailbox is on a server of your own."
        )
    if code == "TimeZoneNotSupportedException":
        return _("Microsoft does not know the time zone of this event.")
    if status == 403:
        return _("Microsoft does not let this account do this. A permission or a share may be missing there.")
    if status in (CONFLICT, 412):
        return _("Somebody changed this event at the same moment.")
    if status == FORGOTTEN:
        return _("Microsoft has forgotten what it told Bridge last.")
    return _("Microsoft refused this.")


def _busy(response: Response) -> RateLimited:
    sentence = _("Microsoft asks Bridge to slow down. Bridge comes back by itself.")
    after = LONGEST if LOOP in _numbers(response) else _retry_after(response)
    return RateLimited(sentence, retry_after=after, detail=_detail(response))


def _retry_after(response: Response) -> timedelta:
    """Seconds, perhaps a fraction; a guess where the header is missing or says no number."""
    try:
        seconds = float(response.headers.get("Retry-After", ""))
        return timedelta(seconds=min(max(seconds, 0.1), LONGEST.total_seconds()))
    except ValueError:  # also for what is called "nan"
        return PAUSE


def _down(response: Response) -> ProviderUnavailable:
    return ProviderUnavailable(_("Microsoft has a problem of its own. Bridge keeps trying."), detail=_detail(response))


def _code(response: Response) -> str:
    """Graph's; empty where the body is not Graph's."""
    error = (_json(response) or {}).get("error")
    return str(error.get("code", "")) if isinstance(error, dict) else ""


def _numbers(response: Response) -> set[int]:
    found = (_json(response) or {}).get("error_codes")
    return {number for number in found if isinstance(number, int)} if isinstance(found, list) else set()


def _detail(response: Response) -> str:
    """Status, codes and words: without links and tokens, and short."""
    body = _json(response) or {}
    error = body.get("error")
    words = [error.get("code"), error.get("message")] if isinstance(error, dict) else [error]
    words.append(str(body.get("error_description") or "").partition(" Trace ID")[0])
    told = " ".join(str(word) for word in words if word)
    return _SECRETS.sub("…", f"HTTP {response.status_code} {told}".strip())[:500]


def _json(response: Response) -> dict[str, Any] | None:
    try:
        found = response.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

"""A CalDAV server's failures in our words."""

from datetime import timedelta

from django.utils.translation import gettext as _
from requests import Response

from integrations import safe_xml
from integrations.exceptions import (
    AuthorizationLost,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from integrations.providers.caldav.multistatus import origin

BRIEFLY = 60
LONG = 3600


def problem(response: Response, asked: str) -> ProviderError | None:
    """What went wrong with a call to the address `asked`, if anything."""
    status, detail = response.status_code, _detail(response)
    if status < 300:
        return None
    if status == 401:
        return _unauthorized(response, asked, detail)
    if status == 429 or (status == 503 and "retry-after" in response.headers):
        sentence = _("The calendar server asks Bridge to wait. Bridge comes back by itself.")
        return RateLimited(sentence, retry_after=_wait(response), detail=detail)
    if status in (423, 425) or (status >= 500 and status not in (501, 507)):
        sentence = _("The calendar server has a problem of its own. Bridge keeps trying.")
        return ProviderUnavailable(sentence, detail=detail)
    return RequestRejected(_sentence(status), missing=status in (404, 410), code=status, detail=detail)


def _unauthorized(response: Response, asked: str, detail: str) -> ProviderError:
    """Where we were sent on to another server, no password came along."""
    if origin(response.url) != origin(asked):
        sentence = _("This server sends Bridge on to another one. Enter its address instead: %(address)s")
        return RequestRejected(sentence % {"address": response.url}, detail=detail)
    return AuthorizationLost(
        _(
            "The calendar server refuses this name or password. Apple iCloud, Fastmail and servers with a second "
            "step want an app password: make one there and enter it here."
        ),
        detail=detail,
    )


def _sentence(status: int) -> str:
    match status:
        case 403:
            return _("The calendar server does not allow this with your account.")
        case 404 | 410:
            return _("This is no longer on the calendar server.")
        case 405 | 501:
            return _("The server has no calendars at this address.")
        case 413:
            return _("This is too large for the calendar server.")
        case 507:
            return _("There is no space left on the calendar server.")
        case _ if status < 400:
            return _("This server sends Bridge on to another one. Enter that address instead.")
    return _("The calendar server refused this.")


def _wait(response: Response) -> timedelta:
    said = response.headers.get("retry-after", "").strip()
    seconds = int(said) if said.isdecimal() and len(said) < 9 else BRIEFLY
    return timedelta(seconds=min(max(seconds, 1), LONG))


def _detail(response: Response) -> str:
    """Status and the conditions that were not met (RFC 4918, 16): no words of the server, they may hold anything."""
    return f"HTTP {response.status_code} {' '.join(conditions(response))}".strip()[:500]


def conditions(response: Response) -> list[str]:
    """Such as valid-sync-token."""
    if response.status_code < 400 or b"<" not in response.content[:1000]:
        return []
    try:
        root = safe_xml.parse(response.content)
    except safe_xml.Unreadable:
        return []
    return [child.tag.rpartition("}")[2] for child in root] if root.tag == "{DAV:}error" else []

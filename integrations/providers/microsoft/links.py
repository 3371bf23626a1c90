"""Paths below Graph's address: of calendars and events, of pages, and what every call prefers."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from requests import Response, Session

from integrations.exceptions import ProviderUnavailable
from integrations.providers.microsoft import translation

PREFER = 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text"'
"""Ids that outlive a move to another calendar, times in UTC, descriptions without markup."""
PAGE = 200
MOST_PAGES = 1000


def calendar(calendar_id: str) -> str:
    """Empty: the main one."""
    return f"/me/calendars/{quote(calendar_id, safe='')}" if calendar_id else "/me/calendar"


def event(calendar_id: str, event_id: str) -> str:
    """Of the main calendar, or of any of the person's own, if no calendar is named."""
    of = calendar(calendar_id) if calendar_id else "/me"
    return f"{of}/events/{quote(event_id, safe='')}"


def headers(*, size: int = 0) -> dict[str, str]:
    return {"Prefer": f"{PREFER}, odata.maxpagesize={size}" if size else PREFER}


def pages(http: Session, path: str, params: dict[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """All of a list: the link to the next page is followed as it is."""
    for _page in range(MOST_PAGES):
        response = http.get(path, params=params, headers=headers(size=PAGE))
        page = translation.content(response)
        if not isinstance(page.get("value"), list):
            raise translation.unclear(response)
        yield page
        if not page.get("@odata.nextLink"):
            return
        path, params = below(response, str(page["@odata.nextLink"])), None
    raise ProviderUnavailable("Microsoft’s list does not end.")


def items(http: Session, path: str, params: dict[str, str] | None = None) -> Iterator[dict[str, Any]]:
    for page in pages(http, path, params):
        yield from (item for item in page["value"] if isinstance(item, dict) and item.get("id"))


def below(response: Response, link: str) -> str:
    """A link of Graph's as a path that our session understands. Our token goes nowhere else."""
    ours, theirs = urlsplit(str(settings.MICROSOFT_GRAPH_URL)), urlsplit(link)
    same = (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)
    if not same or not theirs.path.startswith(ours.path + "/"):
        raise translation.unclear(response)
    return f"{theirs.path.removeprefix(ours.path)}?{theirs.query}"

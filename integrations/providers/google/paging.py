"""Lists in pages. A page may be short or empty and still not be the last."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from requests import Session

from integrations.exceptions import ProviderUnavailable
from integrations.providers.google import translation

MOST_PAGES = 1000


def pages(http: Session, path: str, query: dict[str, str]) -> Iterator[dict[str, Any]]:
    query = dict(query)
    for _page in range(MOST_PAGES):
        page = translation.content(http.get(path, params=query))
        yield page
        if not page.get("nextPageToken"):
            return
        query["pageToken"] = str(page["nextPageToken"])
    raise ProviderUnavailable(_("Google’s list does not end. Bridge looks at it again later."))


def items(http: Session, path: str, query: dict[str, str], *, name: str = "items") -> Iterator[dict[str, Any]]:
    for page in pages(http, path, query):
        yield from listed(page, name)


def listed(page: dict[str, Any], name: str = "items") -> list[dict[str, Any]]:
    return [item for item in page.get(name) or () if isinstance(item, dict)]

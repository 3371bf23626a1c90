"""The people in somebody's Outlook: the main folder and the others, each with its own delta.

https://learn.microsoft.com/graph/delta-query-overview
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from requests import Session

from integrations.exceptions import ProviderUnavailable, SyncTokenLost
from integrations.providers.microsoft import links, refusals, translation
from integrations.types import Contact, ContactPage, ContactRequest

FIELDS = "displayName,givenName,surname,emailAddresses,businessPhones,homePhones,mobilePhone,companyName"


class People:
    def changes(self, http: Session, *, since: str = "") -> Iterator[ContactPage]:
        """A folder that is gone took its people along: then everything is looked at anew."""
        known: dict[str, str] = json.loads(since) if since else {}
        folders = ["", *(str(one["id"]) for one in links.items(http, "/me/contactFolders"))]
        if set(known) - set(folders):
            raise SyncTokenLost
        following: dict[str, str] = {}
        with refusals.forgotten():
            for folder in folders:
                for page, link in _round(http, folder, known.get(folder, "")):
                    following[folder] = link
                    yield _page(page)
        yield ContactPage(sync_token=json.dumps(following))

    def create_contact(self, http: Session, request: ContactRequest) -> Contact:
        given, _space, surname = request.name.strip().rpartition(" ")
        fields: dict[str, Any] = {
            "displayName": request.name,
            "givenName": given or surname,
            "surname": surname if given else "",
            "emailAddresses": [{"name": request.name, "address": request.email}],
            "businessPhones": [request.phone] if request.phone else [],
            "companyName": request.company,
        }
        response = http.post("/me/contacts", json=fields, headers=links.headers())
        made = translation.content(response)
        if not made.get("id"):
            raise translation.unclear(response)
        return _contact(made)


def _round(http: Session, folder: str, since: str) -> Iterator[tuple[list[dict[str, Any]], str]]:
    """Each page, and the link that the last one names."""
    of = f"/me/contactFolders/{quote(folder, safe='')}" if folder else "/me"
    path, params = since or f"{of}/contacts/delta", None if since else {"$select": FIELDS}
    for _page_number in range(links.MOST_PAGES):
        response = http.get(path, params=params, headers=links.headers(size=links.PAGE))
        page, params = translation.content(response), None
        follow = page.get("@odata.nextLink") or page.get("@odata.deltaLink")
        if not isinstance(page.get("value"), list) or not follow:
            raise translation.unclear(response)
        path = links.below(response, str(follow))
        yield page["value"], path
        if "@odata.deltaLink" in page:
            return
    raise ProviderUnavailable("Microsoft’s list of contacts does not end.")


def _page(items: list[Any]) -> ContactPage:
    found = [item for item in items if isinstance(item, dict) and item.get("id")]
    removed = tuple(str(item["id"]) for item in found if "@removed" in item)
    return ContactPage(tuple(_contact(item) for item in found if "@removed" not in item), removed)


def _contact(item: dict[str, Any]) -> Contact:
    emails = [str(one.get("address") or "") for one in item.get("emailAddresses") or []]
    phones = [*(item.get("businessPhones") or []), item.get("mobilePhone"), *(item.get("homePhones") or [])]
    names = (item.get("givenName"), item.get("surname"))
    return Contact(
        external_id=str(item["id"]),
        name=str(item.get("displayName") or " ".join(str(name) for name in names if name)),
        emails=tuple(email for email in emails if "@" in email),
        phones=tuple(str(phone) for phone in phones if phone),
        company=str(item.get("companyName") or ""),
    )

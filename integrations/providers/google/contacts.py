"""Google's contacts, by the People API, which has an address of its own.

https://developers.google.com/people/api/rest
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from requests import Session

from integrations.exceptions import SyncTokenLost
from integrations.providers.google import paging, translation
from integrations.providers.google.translation import FORGOTTEN, Refused
from integrations.types import Contact, ContactPage, ContactRequest

FIELDS = "names,emailAddresses,phoneNumbers,organizations,metadata"


class People:
    def changes(self, http: Session, *, since: str = "") -> Iterator[ContactPage]:
        """A token lives seven days; what was written lately may come minutes later."""
        query = {"personFields": FIELDS, "pageSize": "1000", "requestSyncToken": "true"}
        query |= {"syncToken": since} if since else {}
        try:
            for page in paging.pages(http, _at("people/me/connections"), query):
                yield _page(page)
        except Refused as refused:
            if refused.reasons & FORGOTTEN or refused.code == 410:
                raise SyncTokenLost from refused
            raise

    def create_contact(self, http: Session, request: ContactRequest) -> Contact:
        """Google makes another one each time it is asked, so we look whether the address is there."""
        if there := _found(http, request.email):
            return there
        body: dict[str, Any] = {"names": [{"unstructuredName": request.name}]}
        body["emailAddresses"] = [{"value": request.email}]
        body |= {"phoneNumbers": [{"value": request.phone}]} if request.phone else {}
        body |= {"organizations": [{"name": request.company}]} if request.company else {}
        made = http.post(_at("people:createContact"), json=body, params={"personFields": FIELDS})
        return _contact(translation.content(made))


def _at(path: str) -> str:
    return f"{settings.GOOGLE_PEOPLE_URL}/v1/{path}"


def _found(http: Session, email: str) -> Contact | None:
    """Searching needs an empty search first, which fills Google's cache."""
    people = _at("people:searchContacts")
    http.get(people, params={"query": "", "readMask": FIELDS})
    page = translation.content(http.get(people, params={"query": email, "readMask": FIELDS, "pageSize": "30"}))
    found = [_contact(one["person"]) for one in paging.listed(page, "results") if one.get("person")]
    return next((one for one in found if email.lower() in map(str.lower, one.emails)), None)


def _page(page: dict[str, Any]) -> ContactPage:
    people = [one for one in paging.listed(page, "connections") if one.get("resourceName")]
    return ContactPage(
        contacts=tuple(_contact(one) for one in people if not _is_deleted(one)),
        removed=tuple(str(one["resourceName"]) for one in people if _is_deleted(one)),
        sync_token=str(page.get("nextSyncToken") or ""),
    )


def _is_deleted(person: dict[str, Any]) -> bool:
    return bool((person.get("metadata") or {}).get("deleted"))


def _contact(person: dict[str, Any]) -> Contact:
    names, companies = _values(person, "names", "displayName"), _values(person, "organizations", "name")
    emails = _values(person, "emailAddresses", "value")
    return Contact(
        external_id=str(person.get("resourceName") or ""),
        name=next(iter([*names, *emails]), ""),
        emails=emails,
        phones=_values(person, "phoneNumbers", "value"),
        company=next(iter(companies), ""),
    )


def _values(person: dict[str, Any], name: str, part: str) -> tuple[str, ...]:
    return tuple(str(one[part]) for one in person.get(name) or () if isinstance(one, dict) and one.get(part))

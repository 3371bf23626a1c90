"""connections, single contacts, searching, other contacts."""

import unicodedata
from datetime import timedelta
from typing import Any

from integrations.simulators.google import access, paging
from integrations.simulators.google.access import Caller
from integrations.simulators.google.errors import ApiError
from integrations.simulators.google.identity import scopes
from integrations.simulators.google.records import Contact
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response, answer

TOKEN_LIFE = timedelta(days=7)
SINGLE = ("names", "biographies", "birthdays", "genders")
OTHER_FIELDS = {"emailAddresses", "metadata", "names", "phoneNumbers", "photos"}
FIELDS = OTHER_FIELDS | {"organizations", "biographies", "clientData", "externalIds", "memberships"}


def connections(world: World, request: Request) -> Response:
    by = _caller(world, request, scopes.CONTACTS_READ)
    return _listed(world, request, by, _mask(request, "personFields", FIELDS), other=False)


def others(world: World, request: Request) -> Response:
    by = _caller(world, request, scopes.OTHERS_READ)
    return _listed(world, request, by, _mask(request, "readMask", OTHER_FIELDS), other=True)


def search(world: World, request: Request) -> Response:
    """An empty query warms it up: only what was there then is found."""
    by = _caller(world, request, scopes.CONTACTS_READ)
    mask, text = _mask(request, "readMask", FIELDS), _folded(request.query.get("query", ""))
    book = world.contacts.setdefault(by.person.sub, {})
    if not text:
        world.indexes[by.person.sub] = [one for one in book.values() if not one.deleted and not one.other]
        return answer(200, {})
    found = [one for one in world.indexes.get(by.person.sub, []) if _begins(one, text)]
    size = paging.size(request, "pageSize", 10, 30)
    return answer(200, {"results": [{"person": shown(one, mask)} for one in found[:size]]})


def get(world: World, request: Request) -> Response:
    by = _caller(world, request, scopes.CONTACTS_READ)
    return answer(200, shown(_known(world, request, by), _mask(request, "personFields", FIELDS)))


def create(world: World, request: Request) -> Response:
    by, body = _caller(world, request, scopes.CONTACTS_WRITE), request.json()
    made = add(world, by.person.sub, body)
    return answer(200, shown(made, FIELDS))


def update(world: World, request: Request) -> Response:
    by, body = _caller(world, request, scopes.CONTACTS_WRITE), request.json()
    contact, mask = _known(world, request, by), _mask(request, "updatePersonFields", FIELDS)
    etags = [source.get("etag") for source in body.get("metadata", {}).get("sources", [])]
    if not any(etags):
        raise _bad("Request must set person.etag or person.metadata.sources.etag for the source that is being updated.")
    if etag(contact) not in etags:
        raise _precondition("Request person.etag is different than the current person.etag.", "failedPrecondition")
    _check(body)
    contact.fields |= {name: body.get(name, []) for name in mask & {*FIELDS} - {"metadata"}}
    contact.version, contact.changed_at = world.next_version(), world.clock.now()
    return answer(200, shown(contact, FIELDS))


def delete(world: World, request: Request) -> Response:
    by = _caller(world, request, scopes.CONTACTS_WRITE)
    contact = _known(world, request, by)
    contact.deleted, contact.version, contact.changed_at = True, world.next_version(), world.clock.now()
    return answer(200, {})


def add(world: World, sub: str, fields: dict[str, Any], *, other: bool = False) -> Contact:
    _check(fields)
    kept = {name: value for name, value in fields.items() if name in FIELDS - {"metadata"}}
    made = Contact(f"c{world.chance.randrange(10**17, 10**18)}", kept, world.next_version(), world.clock.now())
    made.other = other
    return world.contacts.setdefault(sub, {}).setdefault(made.id, made)


def shown(contact: Contact, mask: set[str]) -> dict[str, Any]:
    kind = "otherContacts" if contact.other else "people"
    source = {"type": "CONTACT", "id": contact.id, "etag": etag(contact)}
    metadata: dict[str, Any] = {"sources": [source], "objectType": "PERSON"}
    told: dict[str, Any] = {"resourceName": f"{kind}/{contact.id}", "etag": f"%{contact.version}"}
    if contact.deleted:
        return told | {"metadata": {**metadata, "deleted": True}}
    fields = {name: value for name, value in contact.fields.items() if name in mask}
    if "names" in fields:
        fields["names"] = [_named(name) for name in fields["names"]]
    return told | fields | ({"metadata": metadata} if "metadata" in mask else {})


def etag(contact: Contact) -> str:
    return f"#{contact.version}"


def _named(name: dict[str, Any]) -> dict[str, Any]:
    whole = name.get("unstructuredName") or " ".join(filter(None, [name.get("givenName"), name.get("familyName")]))
    return {**name, "displayName": whole}


def _listed(world: World, request: Request, by: Caller, mask: set[str], *, other: bool) -> Response:
    of = f"{'others' if other else 'connections'}:{by.person.sub}"
    settings = (("mask", ",".join(sorted(mask))),)
    page, began = paging.known(world, request, of), _since(world, request, of, settings)
    if page is None:
        book = world.contacts.setdefault(by.person.sub, {}).values()
        seen = world.clock.now() - world.switches.contacts_lag
        found = [one for one in book if one.other == other and (one.version > began if began else not one.deleted)]
        found = [one for one in found if not began or one.changed_at <= seen]
        wanted = began != 0 or request.query.get("requestSyncToken") == "true"
        page = paging.begin(world, request, of, found, gives_token=wanted)
        page.version = _told(world, page.version, seen)
    name = "otherContacts" if other else "connections"
    size = paging.size(request, "pageSize", 100, 1000)
    return paging.answered(world, page, size, lambda one: shown(one, mask | {"metadata"}), {}, settings, name=name)


def _told(world: World, version: int, seen: Any) -> int:
    """What is not visible yet comes with the next increment."""
    late = [one.version for book in world.contacts.values() for one in book.values() if one.changed_at > seen]
    return min([version, *(number - 1 for number in late)])


def _since(world: World, request: Request, of: str, settings: tuple[tuple[str, str], ...]) -> int:
    named = request.query.get("syncToken")
    if named is None:
        return 0
    token = world.sync_tokens.get(named)
    late = token is not None and world.clock.now() - token.issued_at > TOKEN_LIFE
    if token is None or token.of != of or token.expired or late:
        raise _precondition("Sync token is expired. Clear local cache and retry call without the sync token.")
    if token.settings != settings:
        raise _bad("Request parameters must match those of the first call with this sync token.")
    return token.version or -1


def _caller(world: World, request: Request, accepted: frozenset[str]) -> Caller:
    by = access.identify(world, request, accepted)
    access.count(world, by, request.method)
    return by


def _known(world: World, request: Request, by: Caller) -> Contact:
    found = world.contacts.setdefault(by.person.sub, {}).get(request.arguments["person"])
    if found is None or found.deleted:
        raise ApiError(404, "notFound", "Requested entity was not found.", status="NOT_FOUND")
    return found


def _mask(request: Request, name: str, allowed: set[str]) -> set[str]:
    asked = {part for part in request.query.get(name, "").split(",") if part}
    if not asked:
        raise _bad(f"{name} mask is required. Please specify one or more valid paths.")
    if unknown := asked - allowed:
        raise _bad(f"Invalid {name} mask path: {sorted(unknown)}")
    return asked


def _check(fields: dict[str, Any]) -> None:
    for name in SINGLE:
        if len(fields.get(name, [])) > 1:
            raise _bad(f"Only one {name} is allowed.")


def _begins(contact: Contact, text: str) -> bool:
    words = [_named(name)["displayName"] for name in contact.fields.get("names", [])]
    words += [one.get("value", "") for one in contact.fields.get("emailAddresses", [])]
    return any(_folded(part).startswith(text) for word in words for part in [word, *word.split()])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold().strip()


def _bad(sentence: str) -> ApiError:
    return ApiError(400, "badRequest", sentence, status="INVALID_ARGUMENT")


def _precondition(sentence: str, reason: str = "badRequest") -> ApiError:
    detail = "EXPIRED_SYNC_TOKEN" if "Sync token" in sentence else ""
    return ApiError(400, reason, sentence, status="FAILED_PRECONDITION", detail=detail)


PERSON = "/v1/people/(?P<person>[^/:]+)"
ROUTES = (
    ("GET", "/v1/people/me/connections", connections),
    ("GET", "/v1/people:searchContacts", search),
    ("POST", "/v1/people:createContact", create),
    ("GET", "/v1/otherContacts", others),
    ("GET", PERSON, get),
    ("PATCH", PERSON + ":updateContact", update),
    ("DELETE", PERSON + ":deleteContact", delete),
)

"""Contacts and their folders."""

import re
from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft import directory, identifiers
from integrations.simulators.microsoft.errors import bad_request, no_item
from integrations.simulators.microsoft.graph import access, delta, event_changes, lists, preferences, times
from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.graph.delta import Told
from integrations.simulators.microsoft.graph.preferences import Preferences
from integrations.simulators.microsoft.records import Chain, Contact, Folder, Gone, User
from integrations.simulators.microsoft.world import World

FIELDS: dict[str, Any] = {
    "displayName": "",
    "givenName": None,
    "surname": None,
    "emailAddresses": [],
    "businessPhones": [],
    "homePhones": [],
    "mobilePhone": None,
    "companyName": None,
    "jobTitle": None,
    "personalNotes": "",
    "categories": [],
}
NAMES = ("givenName", "surname")
ADDRESS = re.compile(r"emailAddresses/any\((\w+):\s*\1/address eq '([^']*)'\)")


def listed(world: World, request: Request, caller: Caller) -> Response:
    owner = access.mailbox(world, request, caller, "Contacts")
    folder = _folder(world, request, owner)
    found = [one for one in world.contacts.values() if one.folder_id == folder.id and _wanted(request, one)]
    wishes = preferences.of(request)
    found.sort(key=lambda one: str(one.fields["displayName"]))
    return lists.page(world, request, found, wishes, lambda one: shown(one, wishes))


def show(world: World, request: Request, caller: Caller) -> Response:
    contact, wishes = _found(world, request, caller), preferences.of(request)
    return wishes.mark(answer(200, lists.selected(request, shown(contact, wishes))))


def create(world: World, request: Request, caller: Caller) -> Response:
    owner = access.mailbox(world, request, caller, "Contacts", write=True)
    contact = add(world, _folder(world, request, owner), event_changes.body_of(request))
    return answer(201, shown(contact, preferences.of(request)))


def update(world: World, request: Request, caller: Caller) -> Response:
    contact = _found(world, request, caller, write=True)
    change(world, contact, event_changes.body_of(request))
    return answer(200, shown(contact, preferences.of(request)))


def delete(world: World, request: Request, caller: Caller) -> Response:
    remove(world, _found(world, request, caller, write=True))
    return Response(204)


def folders(world: World, request: Request, caller: Caller) -> Response:
    """Besides the default one, which /me/contacts is."""
    owner = access.mailbox(world, request, caller, "Contacts")
    mine = [folder for folder in world.folders.values() if folder.owner_id == owner.id]
    return lists.page(world, request, mine, preferences.of(request), _shown_folder)


def changes(world: World, request: Request, caller: Caller) -> Response:
    owner = access.mailbox(world, request, caller, "Contacts")
    folder, wishes = _folder(world, request, owner), preferences.of(request)
    delta.refuse_options(request, "$filter", "$search", "$orderby")
    of = f"contacts {folder.id}"
    if delta.followed(request):
        return delta.go_on(world, request, wishes, of, lambda chain: (_view(world, request, folder, wishes), []))
    return delta.first(world, request, wishes, Chain(of), _view(world, request, folder, wishes))


def add(world: World, folder: Folder, given: dict[str, Any]) -> Contact:
    now = world.clock.now()
    contact = Contact(
        identifiers.ordinary(world),
        identifiers.immutable(world),
        folder.id,
        folder.owner_id,
        {**FIELDS, **_checked(given)},
        now,
        now,
        world.next_version(),
    )
    contact.fields["displayName"] = contact.fields["displayName"] or _name(contact)
    world.contacts[contact.immutable_id] = contact
    world.publish("created", "contacts", world.users[contact.owner_id], contact)
    return contact


def change(world: World, contact: Contact, given: dict[str, Any]) -> None:
    contact.fields.update(_checked(given))
    if "displayName" not in given and any(name in given for name in NAMES):
        contact.fields["displayName"] = _name(contact)
    contact.modified_at, contact.version = world.clock.now(), world.next_version()
    world.publish("updated", "contacts", world.users[contact.owner_id], contact)


def remove(world: World, contact: Contact) -> None:
    del world.contacts[contact.immutable_id]
    world.gone.append(Gone(contact.id, contact.immutable_id, contact.folder_id, world.next_version()))
    world.publish("deleted", "contacts", world.users[contact.owner_id], contact)


def shown(contact: Contact, wishes: Preferences) -> dict[str, Any]:
    return {
        "@odata.etag": f'W/"{identifiers.change_key(contact.version)}"',
        "id": contact.immutable_id if wishes.immutable else contact.id,
        "createdDateTime": times.stamp(contact.created_at),
        "lastModifiedDateTime": times.stamp(contact.modified_at),
        "changeKey": identifiers.change_key(contact.version),
        "parentFolderId": contact.folder_id,
        **contact.fields,
    }


def _view(world: World, request: Request, folder: Folder, wishes: Preferences) -> dict[str, Told]:
    mine = [one for one in world.contacts.values() if one.folder_id == folder.id]
    return {one.immutable_id: (lists.selected(request, shown(one, wishes)), one.version, one.id) for one in mine}


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in given.items() if not name.startswith("@odata.")}
    for name in known:
        if name not in FIELDS and name not in ("middleName", "nickName", "title", "fileAs", "department"):
            raise bad_request(f"The property '{name}' does not exist on type 'microsoft.graph.contact'.")
    if len(known.get("emailAddresses") or []) > 3:
        raise bad_request("A contact has at most three addresses.")
    return known


def _wanted(request: Request, contact: Contact) -> bool:
    """By one of its addresses, or by words."""
    address = ADDRESS.fullmatch(request.query.get("$filter", ""))
    addresses = [one["address"].lower() for one in contact.fields["emailAddresses"]]
    if address and address[2].lower() not in addresses:
        return False
    if request.query.get("$filter") and not address:
        raise bad_request("The filter is not understood.", "ErrorInvalidUrlQueryFilter")
    words = request.query.get("$search", "").strip('"').lower().split()
    text = " ".join([str(contact.fields["displayName"]).lower(), *addresses])
    return all(word in text for word in words)


def _name(contact: Contact) -> str:
    return " ".join(contact.fields[name] for name in NAMES if contact.fields[name])


def _folder(world: World, request: Request, owner: User) -> Folder:
    folder_id = request.arguments.get("folder_id")
    if folder_id is None:
        return directory.folder_of(world, owner)
    folder = world.folders.get(folder_id)
    if folder is None or folder.owner_id != owner.id:
        raise no_item()
    return folder


def _found(world: World, request: Request, caller: Caller, *, write: bool = False) -> Contact:
    owner = access.mailbox(world, request, caller, "Contacts", write=write)
    wanted = request.arguments["contact_id"]
    for contact in world.contacts.values():
        if wanted in (contact.id, contact.immutable_id) and contact.owner_id == owner.id:
            return contact
    raise no_item()


def _shown_folder(folder: Folder) -> dict[str, Any]:
    return {"id": folder.id, "displayName": folder.name, "parentFolderId": "simulated-root"}

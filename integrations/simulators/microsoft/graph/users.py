"""People, their settings, the zones of their mailbox, and what else Graph knows of them."""

from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft import revocation
from integrations.simulators.microsoft.errors import access_denied, bad_request
from integrations.simulators.microsoft.graph import access, instances, lists, preferences, zones
from integrations.simulators.microsoft.graph.access import Caller
from integrations.simulators.microsoft.identity import scopes
from integrations.simulators.microsoft.records import User
from integrations.simulators.microsoft.world import World

FORMATS = ("restId", "restImmutableEntryId")


def show(world: World, request: Request, caller: Caller) -> Response:
    user = access.subject(world, request, caller)
    own = caller.user is not None and caller.user.id == user.id
    if not scopes.covers(caller.scopes, "User.Read" if own else "User.Read.All"):
        raise access_denied()
    return answer(200, lists.selected(request, _shown(world, user)))


def listed(world: World, request: Request, caller: Caller) -> Response:
    if not scopes.covers(caller.scopes, "User.Read.All"):
        raise access_denied()
    mine = [user for user in world.users.values() if user.tenant_id == caller.tenant.id]
    return lists.page(world, request, mine, preferences.of(request), lambda user: _shown(world, user))


def organization(world: World, request: Request, caller: Caller) -> Response:
    """Of who has signed in: its id and its domains."""
    if caller.tenant.personal or not world.switches.organization_told:
        raise access_denied()
    domains = [{"name": name, "isDefault": name == caller.tenant.domains[0]} for name in caller.tenant.domains]
    shown = {"id": caller.tenant.id, "displayName": caller.tenant.name, "verifiedDomains": domains}
    return answer(200, {"value": [lists.selected(request, shown)]})


def settings(world: World, request: Request, caller: Caller) -> Response:
    owner = access.mailbox(world, request, caller, "MailboxSettings")
    return answer(200, {"timeZone": owner.time_zone})


def time_zones(world: World, request: Request, caller: Caller) -> Response:
    access.subject(world, request, caller)
    iana = "Iana" in request.path
    names = sorted(zones.IANA if iana else zones.WINDOWS)
    return answer(200, {"value": [{"alias": name, "displayName": name} for name in names]})


def revoke_sessions(world: World, request: Request, caller: Caller) -> Response:
    user = access.subject(world, request, caller)
    if world.tenants[user.tenant_id].personal or not scopes.covers(caller.scopes, "User.RevokeSessions.All"):
        raise access_denied()
    revocation.revoke(world, user)
    return answer(200, {"value": True})


def translate(world: World, request: Request, caller: Caller) -> Response:
    """Between ordinary and immutable ids, at most 1,000."""
    access.mailbox(world, request, caller, "Calendars")
    body = {name.lower(): value for name, value in request.json().items()}
    ids, target = body.get("inputids") or [], body.get("targetidtype")
    if len(ids) > 1000 or target not in FORMATS:
        raise bad_request("The ids cannot be translated.")
    return answer(200, {"value": [_translated(world, one, immutable=target == FORMATS[1]) for one in ids]})


def _translated(world: World, id: str, *, immutable: bool) -> dict[str, Any]:
    found = instances.found(world, id)
    if found is None:
        error = {"code": "ErrorItemNotFound", "message": "The specified object was not found in the store."}
        return {"sourceId": id, "errorDetails": error}
    return {"sourceId": id, "targetId": found.id(immutable=immutable)}


def _shown(world: World, user: User) -> dict[str, Any]:
    content: dict[str, Any] = {
        "id": user.id,
        "displayName": user.name,
        "mail": user.mail,
        "userPrincipalName": user.upn,
        "otherMails": [],
        "preferredLanguage": "en-US",
    }
    if not world.tenants[user.tenant_id].personal:
        content["proxyAddresses"] = [f"SMTP:{user.mail}"] if user.mail else []
        content["userType"] = "Guest" if user.guest else "Member"
    return content

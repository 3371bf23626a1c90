"""Who calls Graph, what the token allows, and whose mailbox it is about."""

from dataclasses import dataclass

from integrations.simulators.http import Request
from integrations.simulators.microsoft import limits
from integrations.simulators.microsoft.errors import GraphError, access_denied
from integrations.simulators.microsoft.identity import scopes
from integrations.simulators.microsoft.records import App, Mailbox, Tenant, User
from integrations.simulators.microsoft.world import World

NO_MAILBOX = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."


@dataclass(frozen=True)
class Caller:
    user: User | None
    """None: the app itself."""
    app: App
    tenant: Tenant
    scopes: frozenset[str]

    @property
    def id(self) -> str:
        return self.user.id if self.user else self.app.client_id


def identify(world: World, request: Request) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    access = world.access_tokens.get(token)
    if scheme.lower() != "bearer" or not token:
        raise _unauthorized("Access token is empty.")
    if access is None:
        raise _unauthorized("Access token validation failure. Invalid token.")
    if access.audience != scopes.GRAPH:
        raise _unauthorized("Access token validation failure. Invalid audience.")
    if access.expires_at <= world.clock.now():
        raise _unauthorized("Lifetime validation failed, the token is expired.")
    user = world.users.get(access.user_id) if access.user_id else None
    if access.user_id and user is None:
        raise GraphError(404, "Request_ResourceNotFound", f"Resource '{access.user_id}' does not exist.")
    return Caller(user, world.apps[access.client_id], world.tenants[access.tenant_id], access.scopes)


def subject(world: World, request: Request, caller: Caller) -> User:
    """The user in the path: /me, or one of the tenant by id or UPN."""
    named = request.arguments.get("user_id")
    if named is None and caller.user is None:
        raise GraphError(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    if named is None:
        return _known(caller.user)
    found = world.user_of(named, caller.tenant.id)
    if found is None:
        raise GraphError(404, "Request_ResourceNotFound", f"Resource '{named}' does not exist.")
    return found


def mailbox(world: World, request: Request, caller: Caller, kind: str, *, write: bool = False) -> User:
    """Whose mailbox the call is about; `kind` is Calendars, Contacts or MailboxSettings."""
    owner = subject(world, request, caller)
    need(caller, owner, kind, write=write)
    if owner.mailbox is not Mailbox.CLOUD or owner.guest:
        raise GraphError(404, "MailboxNotEnabledForRESTAPI", NO_MAILBOX)
    limits.check(world, owner.id)
    return owner


def need(caller: Caller, owner: User, kind: str, *, write: bool = False) -> None:
    """Raises GraphError where no scope allows it. Sharing is another question."""
    own, level = caller.user is None or caller.user.id == owner.id, "ReadWrite" if write else "Read"
    wanted = [f"{kind}.{level}.Shared"] + ([f"{kind}.{level}"] if own else [])
    if not any(scopes.covers(caller.scopes, name) for name in wanted):
        raise access_denied()


def _known(user: User | None) -> User:
    assert user is not None
    return user


def _unauthorized(message: str) -> GraphError:
    return GraphError(401, "InvalidAuthenticationToken", message)

"""Who calls the API, and what the token allows."""

from dataclasses import dataclass
from http import HTTPStatus

from integrations.simulators.http import Request
from integrations.simulators.zoom import tokens
from integrations.simulators.zoom.errors import ApiError, expired_token, invalid_token, missing_scopes, no_user
from integrations.simulators.zoom.records import Account, App, User
from integrations.simulators.zoom.world import World


@dataclass(frozen=True)
class Caller:
    user: User
    app: App
    account: Account
    scopes: tuple[str, ...]


def identify(world: World, request: Request) -> Caller:
    if "access_token" in request.query:
        message = "Invalid access token, this access token is not supported as query parameter string."
        raise ApiError(HTTPStatus.UNAUTHORIZED, 124, message)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    access = world.access_tokens.get(token)
    if scheme.lower() != "bearer" or access is None or not tokens.alive(world, access.grant):
        raise invalid_token()
    if access.expires_at <= world.clock.now():
        raise expired_token()
    user = world.users[access.grant.user_id]
    return Caller(user, world.apps[access.grant.client_id], world.account_of(user), access.grant.scopes)


def need(world: World, caller: Caller, scope: str, *classic: str) -> None:
    """The granular scope or a classic one, at either level; the message names the granular ones."""
    accepted = {level for name in (scope, *classic) for level in (name, f"{name}:admin")}
    if not accepted & set(caller.scopes):
        raise missing_scopes((scope, f"{scope}:admin"), world.switches.scope_error_status)


def user_named(world: World, caller: Caller, scope: str, user_id: str) -> User:
    """The user in a path. A user's own token says `me` and reaches nobody else; a server's knows no `me`."""
    if user_id == "me" and not caller.app.server_to_server:
        return caller.user
    if not caller.app.acts_for_account:
        raise missing_scopes((f"{scope}:admin",), world.switches.scope_error_status)
    found = world.user_of(user_id, caller.account.id)
    if found is None:
        raise no_user(user_id)
    return found

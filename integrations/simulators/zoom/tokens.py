"""Codes, access tokens and refresh tokens: issued, rotated, ended."""

import base64
import hashlib
import secrets
from datetime import timedelta

from integrations.simulators.zoom.errors import TokenError
from integrations.simulators.zoom.records import APPROVERS, AccessToken, App, Code, Grant, User
from integrations.simulators.zoom.world import World

CODE_LIFE = timedelta(minutes=5)


def issue_code(
    world: World, *, app: App, user: User, redirect_uri: str, challenge: str = "", method: str = "plain"
) -> str:
    code = secrets.token_urlsafe(24)
    expires_at = world.clock.now() + CODE_LIFE
    world.codes[code] = Code(code, app.client_id, user.id, redirect_uri, challenge, method, expires_at)
    return code


def exchange(world: World, app: App, *, code: str, redirect_uri: str, verifier: str) -> AccessToken:
    """A new grant. Zoom lets the latest authorization win: the earlier tokens of this user and app die."""
    found = world.codes.get(code)
    if found is None or found.client_id != app.client_id or found.user_id not in world.users:
        raise _invalid_code(code)
    if found.expires_at < world.clock.now():
        raise _invalid_code(code)
    if found.redirect_uri != redirect_uri:
        raise TokenError("Redirect URI mismatch.", "invalid_request")
    if found.challenge and not _matches(found, verifier):
        raise _invalid_code(code)
    del world.codes[code]
    end(world, app.client_id, found.user_id)
    grant = Grant(app.client_id, found.user_id, app.scopes, world.clock.now())
    world.grants[app.client_id, found.user_id] = grant
    return _pair(world, grant)


def refresh(world: World, app: App, refresh_token: str) -> AccessToken:
    """A new pair; the refresh token used is dead from here on, whatever becomes of the answer."""
    grant = next((grant for grant in world.grants.values() if grant.refresh_token == refresh_token), None)
    if not refresh_token or grant is None or grant.client_id != app.client_id or not alive(world, grant):
        raise TokenError("Invalid Token!", "invalid_grant")
    if grant.refresh_expires_at and grant.refresh_expires_at <= world.clock.now():
        raise TokenError("Invalid Token!", "invalid_grant")
    if not world.switches.old_access_token_lives:
        _forget_access(world, grant)
    return _pair(world, grant)


def for_account(world: World, app: App, account_id: str) -> AccessToken:
    """What a server-to-server app gets for its secret: an hour in the name of an admin. The one before dies."""
    if app.client_id in world.disabled:
        raise TokenError("The app has been disabled", "invalid_client")
    acting = _admin(world, app)
    if account_id != app.account_id or acting is None:
        raise TokenError("Bad Request", world.switches.wrong_account_error)
    grant = world.grants.setdefault(
        (app.client_id, acting.id), Grant(app.client_id, acting.id, app.scopes, world.clock.now())
    )
    grant.scopes = app.scopes
    if not world.switches.old_access_token_lives:
        _forget_access(world, grant)
    return _access(world, grant)


def end(world: World, client_id: str, user_id: str) -> Grant | None:
    """No token of this user and app works any more; the app is no longer installed."""
    grant = world.grants.pop((client_id, user_id), None)
    if grant is not None:
        _forget_access(world, grant)
    return grant


def alive(world: World, grant: Grant) -> bool:
    """An admin's grant stands on his role, every grant on its user and its app."""
    user, app = world.users.get(grant.user_id), world.apps.get(grant.client_id)
    if user is None or app is None or user.status != "active" or app.client_id in world.disabled:
        return False
    return user.approves or not app.acts_for_account or world.switches.members_pass


def _pair(world: World, grant: Grant) -> AccessToken:
    now = world.clock.now()
    grant.refresh_token = _token()
    grant.refresh_expires_at = now + world.switches.refresh_token_life
    return _access(world, grant)


def _access(world: World, grant: Grant) -> AccessToken:
    access = AccessToken(_token(), grant, world.clock.now() + world.switches.access_token_life)
    world.access_tokens[access.token] = access
    return access


def _admin(world: World, app: App) -> User | None:
    """The Owner before the Admins."""
    users = [user for user in world.users.values() if user.account_id == app.account_id and user.status == "active"]
    return min((user for user in users if user.approves), key=_rank, default=None)


def _rank(user: User) -> int:
    return APPROVERS.index(user.role_name)


def _forget_access(world: World, grant: Grant) -> None:
    for token in [token for token, access in world.access_tokens.items() if access.grant is grant]:
        del world.access_tokens[token]


def _token() -> str:
    """As long as Zoom's: a column of 255 characters does not hold it."""
    return f"eyJzdiI6IjAwMDAwMiIsImFsZyI6IkhTNTEyIn0.{secrets.token_urlsafe(384)}.{secrets.token_urlsafe(64)}"


def _invalid_code(code: str) -> TokenError:
    return TokenError(f"Invalid authorization code {code}", "invalid_grant")


def _matches(code: Code, verifier: str) -> bool:
    if code.method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == code.challenge
    return verifier == code.challenge

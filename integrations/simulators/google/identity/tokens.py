"""Access tokens and refresh tokens: issued, refreshed, ended."""

import base64
import hashlib
import secrets
from datetime import timedelta

from integrations.simulators.google.errors import TokenError
from integrations.simulators.google.identity import scopes
from integrations.simulators.google.records import AccessToken, App, Code, RefreshToken
from integrations.simulators.google.world import World

MOST = 100
TESTING_LIFE = timedelta(days=7)
IDLE_LIFE = timedelta(days=183)
OVER = "Token has been expired or revoked."


def exchange(
    world: World, app: App, *, code: str, redirect_uri: str, verifier: str
) -> tuple[Code, AccessToken, RefreshToken | None]:
    found = world.codes.pop(code, None)
    if found is None or found.client_id != app.client_id or found.expires_at < world.clock.now():
        raise TokenError("invalid_grant", "Malformed auth code.")
    if found.redirect_uri != redirect_uri:
        raise TokenError("redirect_uri_mismatch", "Bad Request")
    if found.challenge and not _matches(found, verifier):
        raise TokenError("invalid_grant", "Invalid code verifier.")
    refresh = _refresh_token(world, found) if found.brings_refresh else None
    return found, _access(world, app, found.sub, found.scopes), refresh


def grant(world: World, app: App, sub: str, scopes: frozenset[str]) -> str:
    """An access token for these scopes, whatever was consented to."""
    return _access(world, app, sub, scopes).token


def refresh(world: World, app: App, token: str) -> AccessToken:
    """No new refresh token: the old one goes on."""
    found, now = world.refresh_tokens.get(token), world.clock.now()
    if found is None or found.client_id != app.client_id or found.sub not in world.people:
        raise TokenError("invalid_grant", OVER)
    project = world.projects[app.project]
    tested = project.status == "testing" and bool(found.scopes - scopes.IDENTITY)
    if now - found.used_at > IDLE_LIFE or (tested and now - found.issued_at > TESTING_LIFE):
        raise TokenError("invalid_grant", OVER)
    if project.barred:
        raise TokenError("admin_policy_enforced", "Access is restricted by the admin.", world.switches.policy_status)
    found.used_at = now
    return _access(world, app, found.sub, found.scopes)


def revoke(world: World, token: str) -> None:
    """By either kind of token. Ends all that this person gave to the project."""
    found = world.refresh_tokens.get(token) or world.access_tokens.get(token)
    if found is None:
        raise TokenError("invalid_token", "Token expired or revoked")
    end(world, world.apps[found.client_id].project, found.sub)


def end(world: World, project: str, sub: str) -> None:
    world.grants.pop((project, sub), None)
    clients = {app.client_id for app in world.apps.values() if app.project == project}
    world.refresh_tokens = {k: v for k, v in world.refresh_tokens.items() if v.sub != sub or v.client_id not in clients}
    world.access_tokens = {k: v for k, v in world.access_tokens.items() if v.sub != sub or v.client_id not in clients}


def _refresh_token(world: World, code: Code) -> RefreshToken:
    now = world.clock.now()
    made = RefreshToken(f"1//0{secrets.token_urlsafe(72)}", code.client_id, code.sub, code.scopes, now, now)
    mine = [old for old in world.refresh_tokens.values() if (old.sub, old.client_id) == (code.sub, code.client_id)]
    for old in mine[: max(0, len(mine) - MOST + 1)]:
        del world.refresh_tokens[old.token]
    world.refresh_tokens[made.token] = made
    return made


def _access(world: World, app: App, sub: str, granted: frozenset[str]) -> AccessToken:
    expires_at = world.clock.now() + world.switches.access_token_life
    made = AccessToken(f"ya29.{secrets.token_urlsafe(160)}", app.client_id, sub, granted, expires_at)
    world.access_tokens[made.token] = made
    return made


def _matches(code: Code, verifier: str) -> bool:
    if code.method != "S256":
        return verifier == code.challenge
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == code.challenge

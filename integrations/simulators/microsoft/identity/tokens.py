"""Codes, access tokens and refresh tokens: issued, renewed, ended."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

from integrations.simulators.microsoft.errors import TokenError
from integrations.simulators.microsoft.identity import consent, people, scopes
from integrations.simulators.microsoft.identity.scopes import Asked
from integrations.simulators.microsoft.records import AccessToken, App, Code, RefreshToken, User
from integrations.simulators.microsoft.world import World

CODE_LIFE = timedelta(minutes=10)


def redeem(world: World, app: App, tenant: str, fields: dict[str, str]) -> Code:
    """The code, used up. Raises TokenError."""
    code = world.codes.get(fields.get("code", ""))
    if code is None or code.client_id != app.client_id:
        raise TokenError("invalid_grant", 9002313, "The provided authorization code is malformed.")
    if code.used:
        raise TokenError("invalid_grant", 54005, "OAuth2 Authorization code was already redeemed.")
    if code.issued_at + CODE_LIFE < world.clock.now():
        raise TokenError("invalid_grant", 70008, "The provided authorization code has expired.")
    if code.tenant != tenant:
        raise TokenError("invalid_grant", 700005, "The provided authorization code is for another tenant.")
    if code.redirect_uri != fields.get("redirect_uri"):
        raise TokenError("invalid_client", 500112, "The reply address does not match the one of the code.")
    if code.challenge and not _matches(code, fields.get("code_verifier", "")):
        raise TokenError("invalid_grant", 501481, "The Code_Verifier does not match the code_challenge.")
    code.used = True
    return code


def renewed(world: World, app: App, refresh_token: str) -> RefreshToken:
    """The refresh token as it was found in order. It goes on living beside its successor."""
    found = world.refresh_tokens.get(refresh_token)
    if found is None or found.client_id != app.client_id:
        raise TokenError("invalid_grant", 70000, "The provided value for the input parameter 'refresh_token' is bad.")
    now, user = world.clock.now(), world.users.get(found.user_id)
    if found.used_at + world.switches.refresh_token_life <= now:
        raise TokenError("invalid_grant", 700082, "The refresh token has expired due to inactivity.")
    if user is None:
        raise TokenError("invalid_grant", 500342, "The user account has been deleted.")
    _check_loop(world, found, now)
    people.check_still(world, user)
    _check_session(found, user)
    found.used_at = now
    return found


def check_consent(world: World, app: App, user: User, wanted: tuple[str, ...]) -> None:
    if app.client_id not in world.tenants[user.tenant_id].installed:
        raise TokenError(
            "unauthorized_client", 700016, f"Application '{app.client_id}' was not found in the directory."
        )
    if consent.missing(world, app, user, set(wanted)):
        sentence = "The user or administrator has not consented to use the application."
        raise TokenError("invalid_grant", 65001, sentence, suberror="consent_required")


def refresh_token(world: World, app: App, user: User, granted: tuple[str, ...], signed_in_at: datetime) -> RefreshToken:
    now = world.clock.now()
    made = RefreshToken(f"0.{secrets.token_urlsafe(600)}", app.client_id, user.id, granted, now, signed_in_at, now)
    world.refresh_tokens[made.token] = made
    return made


def access_token(world: World, app: App, user: User, asked: Asked) -> AccessToken:
    """With all that was ever consented to for this resource, as at Microsoft."""
    has = consent.given(world, app, user)
    names = frozenset(has if asked.resource == scopes.GRAPH else asked.names)
    return _issue(world, app, user.tenant_id, user.id, asked.resource, names)


def for_app(world: World, app: App, tenant_id: str, resource: str) -> AccessToken:
    roles = world.tenants[tenant_id].roles.get(app.client_id, set())
    return _issue(world, app, tenant_id, None, resource, frozenset(roles))


def _issue(
    world: World, app: App, tenant_id: str, user_id: str | None, audience: str, names: frozenset[str]
) -> AccessToken:
    token = f"eyJ0eXAiOiJKV1QiLCJub25jZSI6.{secrets.token_urlsafe(900)}.{secrets.token_urlsafe(192)}"
    expires_at = world.clock.now() + world.switches.access_token_life
    world.access_tokens[token] = AccessToken(token, app.client_id, tenant_id, user_id, audience, names, expires_at)
    return world.access_tokens[token]


def _check_loop(world: World, found: RefreshToken, now: datetime) -> None:
    found.uses = [at for at in found.uses if at > now - timedelta(minutes=1)] + [now]
    if len(found.uses) > world.switches.refreshes_a_minute:
        raise TokenError("invalid_grant", 50196, "The server terminated an operation: a client request loop.")


def _check_session(found: RefreshToken, user: User) -> None:
    if found.revoked:
        raise TokenError("invalid_grant", 50173, "The provided grant has expired due to it being revoked.")
    if user.mfa_since and found.signed_in_at < user.mfa_since:
        sentence = "You must use multi-factor authentication to access this resource."
        claims = '{"access_token":{"capolids":{"essential":true,"values":["simulated"]}}}'
        raise TokenError("interaction_required", 50076, sentence, suberror="basic_action", claims=claims)


def _matches(code: Code, verifier: str) -> bool:
    if code.method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == code.challenge
    return verifier == code.challenge

"""The token endpoint: codes, refresh tokens and client credentials against access tokens."""

import base64
import binascii
import hmac
from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft.errors import Stay, TokenError
from integrations.simulators.microsoft.identity import id_tokens, people, scopes, tokens
from integrations.simulators.microsoft.records import AccessToken, App, RefreshToken, User
from integrations.simulators.microsoft.world import World


def token(world: World, request: Request) -> Response:
    fields, tenant = request.form(), request.arguments["tenant"]
    app = _client(world, request, fields)
    try:
        people.check_tenant(world, app, tenant)
    except Stay as refused:
        error = "unauthorized_client" if refused.number == 700016 else "invalid_request"
        raise TokenError(error, refused.number, refused.sentence) from refused
    match fields.get("grant_type"):
        case "authorization_code":
            return _exchanged(world, request, app, fields)
        case "refresh_token":
            return _refreshed(world, request, app, fields)
        case "client_credentials":
            return _for_app(world, app, tenant, fields)
    raise TokenError("unsupported_grant_type", 70003, "The app requested an unsupported grant type.")


def _exchanged(world: World, request: Request, app: App, fields: dict[str, str]) -> Response:
    asked = scopes.understand(fields["scope"], app) if fields.get("scope") else None
    code = tokens.redeem(world, app, request.arguments["tenant"], fields)
    user = world.users[code.user_id]
    granted = asked or scopes.understand(_first_resource(code.scopes), app)
    openid = tuple(name for name in code.scopes if name in scopes.OPENID)
    more: dict[str, Any] = {}
    if "offline_access" in openid:
        more["refresh_token"] = tokens.refresh_token(world, app, user, code.scopes, world.clock.now()).token
    if "openid" in openid:
        more["id_token"] = id_tokens.made(world, request, app, user, nonce=code.nonce)
    return _answer(world, tokens.access_token(world, app, user, granted), openid, more)


def _refreshed(world: World, request: Request, app: App, fields: dict[str, str]) -> Response:
    found = tokens.renewed(world, app, fields.get("refresh_token", ""))
    user = world.users[found.user_id]
    asked = scopes.understand(fields.get("scope") or _first_resource(found.scopes), app)
    tokens.check_consent(world, app, user, asked.names)
    more: dict[str, Any] = {}
    if world.switches.refresh_brings_refresh_token:
        more["refresh_token"] = _successor(world, app, user, found).token
    if "openid" in found.scopes:
        more["id_token"] = id_tokens.made(world, request, app, user)
    openid = tuple(name for name in found.scopes if name in scopes.OPENID)
    return _answer(world, tokens.access_token(world, app, user, asked), openid, more)


def _for_app(world: World, app: App, tenant: str, fields: dict[str, str]) -> Response:
    if tenant in people.SHARED:
        raise TokenError("invalid_request", 9001023, "The grant type is not supported over the /common endpoint.")
    found = world.tenant_of(tenant)
    resource, permission = scopes.split(fields.get("scope", ""))
    if permission != scopes.DEFAULT or len(fields.get("scope", "").split()) != 1:
        raise TokenError("invalid_scope", 1002012, "The provided value for scope is not valid: it must be /.default.")
    if found is None or app.client_id not in found.installed:
        raise TokenError(
            "unauthorized_client", 700016, f"Application '{app.client_id}' was not found in the directory."
        )
    return _answer(world, tokens.for_app(world, app, found.id, resource), (), {})


def _successor(world: World, app: App, user: User, found: RefreshToken) -> RefreshToken:
    return tokens.refresh_token(world, app, user, found.scopes, found.signed_in_at)


def _answer(world: World, access: AccessToken, openid: tuple[str, ...], more: dict[str, Any]) -> Response:
    content = {
        "token_type": "Bearer",
        "expires_in": int(world.switches.access_token_life.total_seconds()),
        "ext_expires_in": int(world.switches.access_token_life.total_seconds()),
        "access_token": access.token,
        **more,
    }
    if access.user_id is not None:
        prefix = f"{access.audience}/" if world.switches.long_scopes else ""
        shown = [f"{prefix}{name}" for name in sorted(access.scopes)]
        content["scope"] = " ".join([*shown, *(name for name in openid if name != "offline_access")])
    return answer(200, content)


def _client(world: World, request: Request, fields: dict[str, str]) -> App:
    client_id, secret = _credentials(request.headers.get("authorization", ""), fields)
    app, status = world.apps.get(client_id), world.switches.client_error_status
    if app is None:
        sentence = f"Application with identifier '{client_id}' was not found in the directory."
        raise TokenError("unauthorized_client", 700016, sentence)
    if not secret:
        raise TokenError("invalid_client", 7000218, "The request body must contain 'client_secret'.", status=status)
    if not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        sentence = (
            "Invalid client secret provided. Ensure the secret being sent is the client secret value, not its ID."
        )
        raise TokenError("invalid_client", 7000215, sentence, status=status)
    if app.secret_expired:
        raise TokenError("invalid_client", 7000222, "The provided client secret keys are expired.", status=status)
    return app


def _credentials(header: str, fields: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return fields.get("client_id", ""), fields.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client_id, secret


def _first_resource(names: tuple[str, ...]) -> str:
    """The scopes of the resource that is named first, with those of OpenID Connect."""
    first = next((scopes.split(name)[0] for name in names if name not in scopes.OPENID), scopes.GRAPH)
    return " ".join(name for name in names if name in scopes.OPENID or scopes.split(name)[0] == first)

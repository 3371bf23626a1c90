"""The token endpoint and revocation."""

import base64
import binascii
import hmac

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.zoom import deauthorization, tokens
from integrations.simulators.zoom.errors import TokenError
from integrations.simulators.zoom.records import AccessToken, App
from integrations.simulators.zoom.world import World


def token(world: World, request: Request) -> Response:
    """Fields come in the form; the query string still works for them, as at Zoom."""
    app = _client(world, request)
    fields = {**request.query, **request.form()}
    match fields.get("grant_type"):
        case "authorization_code" if "code" in fields:
            return _answer(world, request, _exchange(world, app, fields))
        case "refresh_token" if "refresh_token" in fields:
            return _answer(world, request, tokens.refresh(world, app, fields["refresh_token"]))
        case "account_credentials" if app.server_to_server:
            return _answer(world, request, tokens.for_account(world, app, fields.get("account_id", "")))
        case "authorization_code" | "refresh_token" | None:
            raise TokenError("Bad Request", "invalid_request")
    raise TokenError("The grant type is not supported", "unsupported_grant_type")


def revoke(world: World, request: Request) -> Response:
    app = _client(world, request)
    access = world.access_tokens.get(request.form().get("token", ""))
    if access is None or access.grant.client_id != app.client_id or access.expires_at <= world.clock.now():
        raise TokenError("Invalid Token!", "invalid_request")
    if app.server_to_server:  # nobody has added it, so nobody removes it
        tokens.end(world, app.client_id, access.grant.user_id)
    else:
        deauthorization.uninstall(world, app.client_id, access.grant.user_id)
    return answer(200, {"status": "success"})


def _client(world: World, request: Request) -> App:
    client_id, secret = _credentials(request.headers.get("authorization", ""))
    app = world.apps.get(client_id)
    if app is None or not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        status = world.switches.client_error_status
        raise TokenError("Invalid client_id or client_secret", "invalid_client", status)
    return app


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client_id, secret


def _exchange(world: World, app: App, fields: dict[str, str]) -> AccessToken:
    redirect_uri, verifier = fields.get("redirect_uri", ""), fields.get("code_verifier", "")
    return tokens.exchange(world, app, code=fields["code"], redirect_uri=redirect_uri, verifier=verifier)


def _answer(world: World, request: Request, access: AccessToken) -> Response:
    account = world.accounts[world.users[access.grant.user_id].account_id]
    renewal = {"refresh_token": access.grant.refresh_token} if access.grant.refresh_token else {}
    return answer(
        200,
        {
            "access_token": access.token,
            "token_type": "bearer",
            **renewal,
            "expires_in": int(world.switches.access_token_life.total_seconds()),
            "scope": " ".join(access.grant.scopes),
            "api_url": account.api_url or request.base_url,
        },
    )

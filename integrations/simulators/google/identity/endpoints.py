"""The token endpoint, revocation, userinfo, discovery."""

import base64
import binascii
import hmac
from typing import Any

from integrations.simulators.google import access
from integrations.simulators.google.errors import TokenError
from integrations.simulators.google.identity import id_tokens, tokens
from integrations.simulators.google.identity.scopes import IDENTITY
from integrations.simulators.google.records import AccessToken, App
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response, answer


def token(world: World, request: Request) -> Response:
    fields = request.form()
    app = _client(world, request, fields)
    match fields.get("grant_type"):
        case "authorization_code" if "code" in fields:
            return _exchanged(world, app, fields)
        case "refresh_token" if "refresh_token" in fields:
            return _answer(world, tokens.refresh(world, app, fields["refresh_token"]), {})
        case "authorization_code" | "refresh_token" | None:
            raise TokenError("invalid_request", "Missing required parameter")
    raise TokenError("unsupported_grant_type", "Invalid grant_type")


def revoke(world: World, request: Request) -> Response:
    tokens.revoke(world, {**request.query, **request.form()}.get("token", ""))
    return answer(200, {})


def userinfo(world: World, request: Request) -> Response:
    caller = access.identify(world, request, frozenset({"openid"}) | IDENTITY)
    return answer(200, id_tokens.claims(world, caller.person, caller.scopes))


def older_userinfo(world: World, request: Request) -> Response:
    caller = access.identify(world, request, IDENTITY)
    told = id_tokens.claims(world, caller.person, caller.scopes)
    told["id"] = told.pop("sub")
    if "email_verified" in told:
        told["verified_email"] = told.pop("email_verified")
    return answer(200, told)


def discovery(world: World, request: Request) -> Response:
    base = request.base_url
    return answer(
        200,
        {
            "issuer": id_tokens.ISSUER,
            "authorization_endpoint": f"{base}/o/oauth2/v2/auth",
            "token_endpoint": f"{base}/token",
            "revocation_endpoint": f"{base}/revoke",
            "userinfo_endpoint": f"{base}/v1/userinfo",
            "jwks_uri": f"{base}/oauth2/v3/certs",
            "code_challenge_methods_supported": ["plain", "S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        },
    )


def certificates(world: World, request: Request) -> Response:
    return answer(200, id_tokens.public_keys())


def _client(world: World, request: Request, fields: dict[str, str]) -> App:
    """By HTTP Basic or in the form."""
    client_id, secret = _basic(request.headers.get("authorization", ""))
    client_id, secret = client_id or fields.get("client_id", ""), secret or fields.get("client_secret", "")
    app = world.apps.get(client_id)
    if app is None or not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        raise TokenError("invalid_client", "The OAuth client was not found." if app is None else "Unauthorized", 401)
    return app


def _basic(header: str) -> tuple[str, str]:
    try:
        client_id, _, secret = base64.b64decode(header.removeprefix("Basic "), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client_id, secret


def _exchanged(world: World, app: App, fields: dict[str, str]) -> Response:
    code, token, refresh = tokens.exchange(
        world,
        app,
        code=fields["code"],
        redirect_uri=fields.get("redirect_uri", ""),
        verifier=fields.get("code_verifier", ""),
    )
    more: dict[str, Any] = {"refresh_token": refresh.token} if refresh else {}
    if "openid" in token.scopes:
        person = world.people[token.sub]
        more["id_token"] = id_tokens.signed(world, person, app.client_id, token.scopes, code.nonce)
    return _answer(world, token, more)


def _answer(world: World, token: AccessToken, more: dict[str, Any]) -> Response:
    life = int(world.switches.access_token_life.total_seconds())
    told = {"access_token": token.token, "expires_in": life, "token_type": "Bearer"}
    return answer(200, told | {"scope": " ".join(sorted(token.scopes))} | more)


ROUTES = (
    ("POST", "/token", token),
    ("POST", "/revoke", revoke),
    ("GET", "/v1/userinfo", userinfo),
    ("GET", "/oauth2/v2/userinfo", older_userinfo),
    ("GET", "/.well-known/openid-configuration", discovery),
    ("GET", "/oauth2/v3/certs", certificates),
)

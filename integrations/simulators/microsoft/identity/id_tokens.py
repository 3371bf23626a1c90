"""What an app is told of who signed in, and how it may check that."""

import base64
import hashlib
from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft import keys
from integrations.simulators.microsoft.errors import TokenError
from integrations.simulators.microsoft.identity import people
from integrations.simulators.microsoft.records import App, User
from integrations.simulators.microsoft.world import World


def made(world: World, request: Request, app: App, user: User, *, nonce: str = "") -> str:
    now = int(world.clock.now().timestamp())
    claims: dict[str, Any] = {
        "aud": app.client_id,
        "iss": f"{request.base_url}/{user.tenant_id}/v2.0",
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "ver": "2.0",
        "tid": user.tenant_id,
        "oid": user.id,
        "sub": _pairwise(app, user),
        "name": user.name,
        "preferred_username": user.upn if "#EXT#" not in user.upn else user.email,
    }
    if user.claimed_email is not None:
        claims["email"] = user.claimed_email or user.email
    if nonce:
        claims["nonce"] = nonce
    if user.guest:
        claims["idp"] = f"https://sts.windows.net/{user.home_tenant_id}/"
    return keys.signed(world.key, claims)


def discovery(world: World, request: Request) -> Response:
    named = request.arguments["tenant"]
    tenant = world.tenant_of(named)
    if tenant is None and named not in people.SHARED:
        raise TokenError("invalid_tenant", 90002, f"Tenant '{named}' not found.")
    base = f"{request.base_url}/{named}"
    return answer(
        200,
        {
            "issuer": f"{request.base_url}/{tenant.id if tenant else '{tenantid}'}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "userinfo_endpoint": f"{request.base_url}/oidc/userinfo",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
        },
    )


def key_set(world: World, request: Request) -> Response:
    return answer(200, {"keys": keys.published(world.key)})


def _pairwise(app: App, user: User) -> str:
    """Another one in every app."""
    digest = hashlib.sha256(f"{app.client_id} {user.id}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

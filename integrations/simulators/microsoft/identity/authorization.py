"""An authorization request: is it in order, who may answer it, and the code that comes of it."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from integrations.simulators.microsoft.errors import Back, Stay, TokenError
from integrations.simulators.microsoft.identity import consent, people, scopes
from integrations.simulators.microsoft.records import App, Code, User
from integrations.simulators.microsoft.world import World


@dataclass(frozen=True)
class Asked:
    """A request that is in order; whoever answers it goes back to its redirect_uri."""

    app: App
    tenant: str
    """As it stands in the path: common, organizations, consumers, or one tenant."""
    redirect_uri: str
    state: str | None
    scopes: tuple[str, ...]
    permissions: frozenset[str]
    """The scopes without those of OpenID Connect, in their short form."""
    prompt: str
    login_hint: str
    response_mode: str
    challenge: str
    method: str
    nonce: str

    def back(self, **parameters: str) -> str:
        joint = "&" if "?" in self.redirect_uri else "?"
        return self.redirect_uri + joint + urlencode(self.parameters(**parameters))

    def parameters(self, **parameters: str) -> dict[str, str]:
        return {**parameters, **({} if self.state is None else {"state": self.state})}


def understand(world: World, tenant: str, query: dict[str, str]) -> Asked:
    """Raises Stay for what Microsoft shows on a page of its own, never redirecting."""
    app = world.apps.get(query.get("client_id", ""))
    if app is None:
        raise Stay(700016, f"Application with identifier '{query.get('client_id')}' was not found in the directory.")
    people.check_tenant(world, app, tenant)
    if query.get("redirect_uri") not in app.redirect_uris:
        raise Stay(50011, "The redirect URI specified in the request does not match those configured for the app.")
    if query.get("response_type") != "code":
        raise Stay(700054, "response_type is not enabled for the application.")
    asked = tuple(query.get("scope", "").split())
    if not asked:
        raise Stay(900144, "The request body must contain the following parameter: 'scope'.")
    return Asked(
        app=app,
        tenant=tenant,
        redirect_uri=query["redirect_uri"],
        state=query.get("state"),
        scopes=asked,
        permissions=_permissions(app, asked),
        prompt=query.get("prompt", ""),
        login_hint=query.get("login_hint", ""),
        response_mode=query.get("response_mode", "query"),
        challenge=query.get("code_challenge", ""),
        method=query.get("code_challenge_method", "plain"),
        nonce=query.get("nonce", ""),
    )


def check(world: World, asked: Asked, user: User) -> None:
    """Raises Stay if this user cannot sign in to this app here."""
    people.check_sign_in(world, asked.app, asked.tenant, user)
    if asked.tenant != "consumers" and world.tenants[user.tenant_id].personal and _shared(asked):
        raise Stay(70011, "The provided value for the input parameter 'scope' is not valid for personal accounts.")


def silently(world: World, asked: Asked, user: User | None) -> str:
    """prompt=none: the way back with a code, or raises Back."""
    if user is None:
        raise Back("login_required", 50058, "A silent sign-in request was sent but no user is signed in.")
    if consent.missing(world, asked.app, user, set(asked.permissions)):
        raise Back("interaction_required", 65001, "The user or administrator has not consented to use the application.")
    return grant_code(world, asked, user)


def needs_consent(world: World, asked: Asked, user: User) -> bool:
    """Raises Stay if it is needed and cannot be given."""
    if asked.prompt == "consent" and not user.admin:
        consent.check(world, asked.app, _stranger(user), set(asked.permissions))
    consent.check(world, asked.app, user, set(asked.permissions))
    lacking = consent.missing(world, asked.app, user, set(asked.permissions))
    return bool(lacking) or asked.prompt == "consent" or not _known(world, asked, user)


def grant_code(world: World, asked: Asked, user: User) -> str:
    """Consent is there; what is not yet written down of it is now."""
    check(world, asked, user)
    consent.check(world, asked.app, user, set(asked.permissions))
    consent.give(world, asked.app, user, consent.missing(world, asked.app, user, set(asked.permissions)))
    code = f"M.C107_BAY.2.U.{secrets.token_urlsafe(32)}"
    world.codes[code] = Code(
        asked.app.client_id,
        user.id,
        asked.tenant,
        asked.scopes,
        asked.redirect_uri,
        asked.challenge,
        asked.method,
        asked.nonce,
        world.clock.now(),
    )
    return code


def _permissions(app: App, asked: tuple[str, ...]) -> frozenset[str]:
    names = [scopes.split(name)[1] for name in asked if name not in scopes.OPENID]
    if scopes.DEFAULT in names and len(names) > 1:
        raise Stay(70011, "The scope .default cannot be combined with resource-specific scopes.")
    try:
        return frozenset(app.scopes if names == [scopes.DEFAULT] else names)
    except TokenError as refused:
        raise Stay(refused.number, refused.sentence) from refused


def _known(world: World, asked: Asked, user: User) -> bool:
    """Whether anybody has consented to this app for this user, be it to sign-in only."""
    tenant = world.tenants[user.tenant_id]
    return (asked.app.client_id, user.id) in world.consents or asked.app.client_id in tenant.scopes


def _shared(asked: Asked) -> bool:
    return any(name.endswith(".Shared") for name in asked.permissions)


def _stranger(user: User) -> User:
    """prompt=consent asks as if nobody had consented; the grants of this id do not exist."""
    return User("", user.tenant_id, user.upn, user.name, user.mail)

"""May this person authorize this app? And what his consent makes."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from integrations.simulators.google.errors import PageError
from integrations.simulators.google.identity import scopes
from integrations.simulators.google.records import App, Code, Grant, Person
from integrations.simulators.google.world import World

CODE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Asked:
    """An authorization request that is in order."""

    app: App
    query: dict[str, str]

    @property
    def scopes(self) -> frozenset[str]:
        return scopes.named(self.query.get("scope", ""))

    @property
    def prompts(self) -> list[str]:
        return self.query.get("prompt", "").split()

    def back(self, **parameters: str) -> str:
        state = {"state": self.query["state"]} if "state" in self.query else {}
        joint = "&" if "?" in self.query["redirect_uri"] else "?"
        return self.query["redirect_uri"] + joint + urlencode({**parameters, **state})


def understand(world: World, query: dict[str, str]) -> Asked:
    """Raises PageError."""
    app = world.apps.get(query.get("client_id", ""))
    if app is None:
        raise PageError("invalid_client", "The OAuth client was not found.", 401)
    if query.get("redirect_uri") not in app.redirect_uris:
        raise PageError("redirect_uri_mismatch", "The redirect URI is not one of those registered for this client.")
    if query.get("response_type") != "code" or not query.get("scope"):
        raise PageError("invalid_request", "Required parameter is missing: response_type or scope.")
    asked = Asked(app, query)
    if unknown := asked.scopes - scopes.ALL:
        raise PageError("invalid_scope", f"Some requested scopes were invalid: {sorted(unknown)}")
    return asked


def check(world: World, asked: Asked, person: Person) -> None:
    """Raises PageError for what Google shows on its own page."""
    project = world.projects[asked.app.project]
    if project.status == "testing" and person.email not in project.testers:
        sentence = f"{asked.app.name} has not completed the Google verification process. Only testers may use it."
        raise PageError("access_denied", sentence, 403)
    if project.status == "internal" and person.hd != project.domain:
        raise PageError("org_internal", f"{asked.app.name} is for people of its organization only.", 403)
    if project.barred and asked.scopes - scopes.IDENTITY:
        raise PageError("admin_policy_enforced", "Your organization's admin does not allow this app.")


def may_skip(world: World, asked: Asked, person: Person) -> bool:
    """Everything was consented to already."""
    grant = world.grants.get((asked.app.project, person.sub))
    known = grant is not None and asked.scopes <= grant.scopes and asked.app.client_id in grant.clients
    return known and "consent" not in asked.prompts


def consent(world: World, asked: Asked, person: Person, ticked: frozenset[str] | None = None) -> str:
    """The address to go back to, with a fresh code. ticked: None where nobody was asked."""
    key = asked.app.project, person.sub
    grant = world.grants.setdefault(key, Grant(*key, set()))
    given = asked.scopes if ticked is None else (asked.scopes & (ticked | scopes.IDENTITY))
    fresh = asked.app.client_id not in grant.clients or "consent" in asked.prompts
    grant.scopes |= given
    grant.clients.add(asked.app.client_id)
    union = world.switches.union_of_scopes and asked.query.get("include_granted_scopes") == "true"
    code = _code(world, asked, person, frozenset(grant.scopes) if union else given, fresh)
    return asked.back(code=code, scope=" ".join(sorted(given)), authuser="0", prompt="consent")


def _code(world: World, asked: Asked, person: Person, given: frozenset[str], fresh: bool) -> str:
    query, code = asked.query, f"4/0{secrets.token_urlsafe(48)}"
    world.codes[code] = Code(
        client_id=asked.app.client_id,
        sub=person.sub,
        redirect_uri=query["redirect_uri"],
        scopes=given,
        challenge=query.get("code_challenge", ""),
        method=query.get("code_challenge_method", "plain"),
        nonce=query.get("nonce", ""),
        brings_refresh=fresh and query.get("access_type") == "offline",
        expires_at=world.clock.now() + CODE_LIFE,
    )
    return code

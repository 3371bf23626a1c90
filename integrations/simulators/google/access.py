"""Who calls, with which scopes."""

from dataclasses import dataclass

from integrations.simulators.google.errors import ApiError, out_of_scope, too_many
from integrations.simulators.google.records import Person
from integrations.simulators.google.world import World
from integrations.simulators.http import Request


@dataclass(frozen=True)
class Caller:
    person: Person
    client_id: str
    project: str
    scopes: frozenset[str]


def identify(world: World, request: Request, accepted: frozenset[str]) -> Caller:
    """One of `accepted` suffices."""
    kind, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = world.access_tokens.get(bearer) if kind == "Bearer" else None
    if token is None or token.expires_at <= world.clock.now() or token.sub not in world.people:
        raise ApiError(401, "authError", "Invalid Credentials", location="Authorization")
    if not token.scopes & accepted:
        raise out_of_scope()
    return Caller(world.people[token.sub], token.client_id, world.apps[token.client_id].project, token.scopes)


def count(world: World, caller: Caller, method: str) -> None:
    """Quota: a patch costs three."""
    if world.limits.exceeded(caller.project, caller.person.sub, 3 if method == "PATCH" else 1):
        raise too_many(world.switches.limit_form)
    if method != "GET" and caller.person.email in world.limits.exhausted:
        raise too_many("quota")

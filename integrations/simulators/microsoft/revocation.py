"""Ends of access: by the user, by an admin."""

from integrations.simulators.http import Request
from integrations.simulators.microsoft.records import User
from integrations.simulators.microsoft.world import World


def revoke(world: World, user: User) -> None:
    """Sign-in sessions end: no refresh token works any more, access tokens live on until they expire."""
    for found in world.refresh_tokens.values():
        found.revoked |= found.user_id == user.id


def by_caller(world: World, request: Request) -> None:
    """Of whoever calls; his access tokens end too, so that the call itself fails."""
    user_id = _caller(world, request)
    if user_id in world.users:
        revoke(world, world.users[user_id])
        for token in [found.token for found in world.access_tokens.values() if found.user_id == user_id]:
            del world.access_tokens[token]


def _caller(world: World, request: Request) -> str:
    access = world.access_tokens.get(request.headers.get("authorization", "").partition(" ")[2])
    renewing = world.refresh_tokens.get(request.form().get("refresh_token", "")) if not access else None
    known = access or renewing
    return (known.user_id or "") if known else ""

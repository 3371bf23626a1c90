"""Accounts and users, as a Zoom admin manages them."""

from typing import Any

from integrations.simulators.zoom import events, times, tokens
from integrations.simulators.zoom.records import Account, User
from integrations.simulators.zoom.world import World

ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def add_account(world: World, name: str, **more: Any) -> Account:
    account = Account(identifier(world), name, **more)
    world.accounts[account.id] = account
    return account


def add_user(world: World, email: str, account: Account, *, name: str = "", **more: Any) -> User:
    """`more` are fields of User."""
    first, _, last = (name or email.partition("@")[0].title()).partition(" ")
    user = User(identifier(world), account.id, email, first, last, **more)
    user.pmi = user.pmi or world.chance.randrange(2_000_000_000, 9_999_999_999)
    user.created_at = times.seconds(world.clock.now())
    world.users[user.id] = user
    return user


def change(world: World, user: User, **changes: Any) -> None:
    """Email, type, timezone, role_name, status, …; tells the admin-managed apps."""
    old = {name: getattr(user, name) for name in changes}
    for name, value in changes.items():
        setattr(user, name, value)
    if "status" in changes:
        name = "user.activated" if user.status == "active" else "user.deactivated"
        events.user_event(world, name, user, admin_of(world, user))
    told = {name: value for name, value in changes.items() if name in ("email", "type", "timezone", "use_pmi")}
    if told:
        events.user_updated(world, user, {name: old[name] for name in told}, told)


def remove(world: World, user: User, *, disassociated: bool = False) -> None:
    """Deleted, or sent off into a free account of his own."""
    name, operator = "user.disassociated" if disassociated else "user.deleted", admin_of(world, user)
    for client_id, user_id in [key for key in world.grants if key[1] == user.id]:
        tokens.end(world, client_id, user_id)
    events.user_event(world, name, user, operator)
    del world.users[user.id]
    if disassociated:
        add_user(world, user.email, add_account(world, user.display_name, plan="free"), name=user.display_name, type=1)


def admin_of(world: World, user: User) -> User:
    """Who does such things in this account; the user himself where nobody else is."""
    colleagues = [other for other in world.users.values() if other.account_id == user.account_id and other.approves]
    return next((other for other in colleagues if other is not user), user)


def identifier(world: World) -> str:
    return "".join(world.chance.choices(ALPHABET, k=22))

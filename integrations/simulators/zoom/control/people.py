"""Users, as a Zoom admin manages them."""

import re

from integrations.simulators.zoom import people
from integrations.simulators.zoom.control import named
from integrations.simulators.zoom.control.named import Arguments
from integrations.simulators.zoom.world import World

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def add(world: World, arguments: Arguments) -> object:
    """A new user; `account` by name or id, made if there is none."""
    more = {name: value for name, value in arguments.items() if name not in ("account", "email")}
    email, called = _address(world, arguments["email"]), arguments.get("account", "Acme")
    account = next((known for known in world.accounts.values() if called in (known.id, known.name)), None)
    user = people.add_user(world, email, account or people.add_account(world, called), **more)
    return {"id": user.id, "account_id": user.account_id}


def change(world: World, arguments: Arguments) -> object:
    """email, type (1 Basic, 2 Licensed), role_name (Owner, Admin, Member), status (active, inactive, pending), …"""
    user = named.user(world, arguments)
    changes = {name: value for name, value in arguments.items() if name != "user"}
    if changes.get("email", user.email) != user.email:
        _address(world, changes["email"])
    people.change(world, user, **changes)
    return {}


def remove(world: World, arguments: Arguments) -> object:
    people.remove(world, named.user(world, arguments), disassociated=bool(arguments.get("disassociated")))
    return {}


def _address(world: World, email: object) -> str:
    """Raises ValueError for what is none, and for one that is taken."""
    if not ADDRESS.fullmatch(str(email)):
        raise ValueError(f"{email} is no e-mail address.")
    if world.user_of(str(email)):
        raise ValueError(f"{email} belongs to somebody already.")
    return str(email)

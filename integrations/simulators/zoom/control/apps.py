"""Apps: authorized, removed, approved, deactivated."""

from integrations.simulators.zoom import authorization, deauthorization
from integrations.simulators.zoom.control import named
from integrations.simulators.zoom.control.named import Arguments
from integrations.simulators.zoom.world import World


def authorize(world: World, arguments: Arguments) -> object:
    """The code of a consent without pages; query parameters of the authorization request may be named too."""
    app = named.app(world, arguments)
    query = {"response_type": "code", "client_id": app.client_id, "redirect_uri": min(app.redirect_uris)}
    asked = authorization.understand(world, query | {name: str(value) for name, value in arguments.items()})
    return {"code": authorization.grant_code(world, asked, named.user(world, arguments))}


def uninstall(world: World, arguments: Arguments) -> object:
    """By the user; with `account` instead of `user` by an admin, for everybody in it."""
    app = named.app(world, arguments)
    if "account" in arguments:
        account = named.account(world, arguments)
        return {"uninstalled": deauthorization.uninstall_for_account(world, account, app)}
    return {"uninstalled": deauthorization.uninstall(world, app.client_id, named.user(world, arguments).id)}


def pre_approval(world: World, arguments: Arguments) -> object:
    named.account(world, arguments).pre_approval = bool(arguments["required"])
    return {}


def approve(world: World, arguments: Arguments) -> object:
    named.account(world, arguments).approved.add(named.app(world, arguments).client_id)
    return {}


def withdraw(world: World, arguments: Arguments) -> object:
    deauthorization.withdraw(world, named.account(world, arguments), named.app(world, arguments))
    return {}


def activate(world: World, arguments: Arguments) -> object:
    """Its developer switches it off with `active` empty or false, and on again."""
    change = world.disabled.discard if arguments.get("active") else world.disabled.add
    change(named.app(world, arguments).client_id)
    return {}

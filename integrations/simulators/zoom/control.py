"""What can be done to the simulated Zoom from outside: by the control page, and as JSON by tests in other processes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from integrations.simulators.zoom import authorization, deauthorization, lifecycle, meeting_answers, people
from integrations.simulators.zoom.records import Account, App, User
from integrations.simulators.zoom.world import World

Arguments = dict[str, Any]


def faults(world: World, arguments: Arguments) -> object:
    fault = world.faults.add(**arguments)
    return {"kind": fault.kind}


def clear_faults(world: World, arguments: Arguments) -> object:
    world.faults.clear()
    return {}


def clock(world: World, arguments: Arguments) -> object:
    world.clock.advance(timedelta(**{unit: float(amount) for unit, amount in arguments.items()}))
    return {"now": world.clock.now().isoformat()}


def users(world: World, arguments: Arguments) -> object:
    """A new user; `account` by name, made if there is none."""
    more = {name: value for name, value in arguments.items() if name not in ("account", "email")}
    named = arguments.get("account", "Acme")
    account = next((known for known in world.accounts.values() if known.name == named), None)
    user = people.add_user(world, arguments["email"], account or people.add_account(world, named), **more)
    return {"id": user.id, "account_id": user.account_id}


def change_user(world: World, arguments: Arguments) -> object:
    changes = {name: value for name, value in arguments.items() if name != "user"}
    people.change(world, _user(world, arguments), **changes)
    return {}


def remove_user(world: World, arguments: Arguments) -> object:
    people.remove(world, _user(world, arguments), disassociated=bool(arguments.get("disassociated")))
    return {}


def authorize(world: World, arguments: Arguments) -> object:
    """The code of a consent without pages; query parameters of the authorization request may be named too."""
    app = _app(world, arguments)
    query = {"response_type": "code", "client_id": app.client_id, "redirect_uri": min(app.redirect_uris)}
    asked = authorization.understand(world, query | {name: str(value) for name, value in arguments.items()})
    return {"code": authorization.grant_code(world, asked, _user(world, arguments))}


def uninstall(world: World, arguments: Arguments) -> object:
    return {
        "uninstalled": deauthorization.uninstall(world, _app(world, arguments).client_id, _user(world, arguments).id)
    }


def pre_approval(world: World, arguments: Arguments) -> object:
    _account(world, arguments).pre_approval = bool(arguments["required"])
    return {}


def approve(world: World, arguments: Arguments) -> object:
    _account(world, arguments).approved.add(_app(world, arguments).client_id)
    return {}


def withdraw(world: World, arguments: Arguments) -> object:
    deauthorization.withdraw(world, _account(world, arguments), _app(world, arguments))
    return {}


def limits(world: World, arguments: Arguments) -> object:
    world.limits.enforced = bool(arguments.get("enforced", world.limits.enforced))
    world.limits.per_host = int(arguments.get("per_host", world.limits.per_host))
    return {}


def start_meeting(world: World, arguments: Arguments) -> object:
    lifecycle.start(world, world.meetings[int(arguments["meeting"])])
    return {}


def end_meeting(world: World, arguments: Arguments) -> object:
    lifecycle.end(world, world.meetings[int(arguments["meeting"])])
    return {}


def state(world: World) -> object:
    """For tests: without tokens."""
    return {
        "now": world.clock.now().isoformat(),
        "users": [vars(user) | {"schedulers": sorted(user.schedulers)} for user in world.users.values()],
        "installed": [{"client_id": client_id, "user": user_id} for client_id, user_id in world.grants],
        "meetings": [
            {**meeting_answers.item(meeting), "deleted": bool(meeting.deleted_at)}
            for meeting in world.meetings.values()
        ],
        "calls": [vars(call) for call in world.calls],
    }


def _user(world: World, arguments: Arguments) -> User:
    found = world.user_of(arguments["user"])
    if found is None:
        raise LookupError(arguments["user"])
    return found


def _app(world: World, arguments: Arguments) -> App:
    """The only one there is, unless one is named."""
    return world.apps[arguments["client_id"]] if "client_id" in arguments else next(iter(world.apps.values()))


def _account(world: World, arguments: Arguments) -> Account:
    named = arguments["account"]
    return next(account for account in world.accounts.values() if named in (account.id, account.name))


VERBS: dict[str, Callable[[World, Arguments], object]] = {
    "faults": faults,
    "faults/clear": clear_faults,
    "clock": clock,
    "users": users,
    "users/change": change_user,
    "users/remove": remove_user,
    "authorize": authorize,
    "uninstall": uninstall,
    "pre-approval": pre_approval,
    "approve": approve,
    "withdraw": withdraw,
    "limits": limits,
    "meetings/start": start_meeting,
    "meetings/end": end_meeting,
}

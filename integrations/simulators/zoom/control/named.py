"""What the arguments of a verb name. Raises LookupError where there is no such thing."""

from collections.abc import Iterator
from typing import Any, TypeVar

from integrations.simulators.zoom.deliveries import Delivery, Subscription
from integrations.simulators.zoom.records import Account, App, Meeting, User
from integrations.simulators.zoom.world import World

Arguments = dict[str, Any]
T = TypeVar("T")


def user(world: World, arguments: Arguments) -> User:
    found = world.user_of(str(arguments["user"]))
    if found is None:
        raise LookupError(arguments["user"])
    return found


def app(world: World, arguments: Arguments) -> App:
    """The first one, unless one is named."""
    return world.apps[arguments["client_id"]] if "client_id" in arguments else next(iter(world.apps.values()))


def account(world: World, arguments: Arguments) -> Account:
    named = arguments["account"]
    return _first((known for known in world.accounts.values() if named in (known.id, known.name)), named)


def meeting(world: World, arguments: Arguments) -> Meeting:
    """Not a deleted one."""
    found = world.meetings[int(arguments["meeting"])]
    if found.deleted_at:
        raise LookupError(found.id)
    return found


def subscription(world: World, arguments: Arguments) -> Subscription:
    """The address of the app that is named."""
    named = app(world, arguments).client_id
    return _first((known for known in world.webhooks.subscriptions if known.client_id == named), named)


def delivery(world: World, arguments: Arguments) -> Delivery:
    named = str(arguments["delivery"])
    return _first((known for known in world.webhooks.deliveries if known.id == named), named)


def _first(found: Iterator[T], named: object) -> T:
    for thing in found:
        return thing
    raise LookupError(named)

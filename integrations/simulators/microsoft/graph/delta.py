"""Changes since last time: chains of pages that end in a link for the next round."""

from collections.abc import Callable
from typing import Any

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft.errors import GraphError, bad_request
from integrations.simulators.microsoft.graph import lists
from integrations.simulators.microsoft.graph.preferences import Preferences
from integrations.simulators.microsoft.records import Chain
from integrations.simulators.microsoft.world import World

REMOVED = "deleted"
Told = tuple[dict[str, Any], int, str]
"""What is shown, its version and its ordinary id."""


def first(world: World, request: Request, wishes: Preferences, chain: Chain, view: dict[str, Told]) -> Response:
    """`view` is all there is, by immutable id."""
    chain.base, chain.size = world.version, wishes.page_size or _size(request) or world.switches.page_size
    chain.known = {key: told[1:] for key, told in view.items()}
    chain.pending = [shown for shown, _, _ in view.values()]
    return _page(world, request, wishes, chain)


def go_on(
    world: World,
    request: Request,
    wishes: Preferences,
    of: str,
    look: Callable[[Chain], tuple[dict[str, Told], list[str]]],
) -> Response:
    """A link is followed. `look` tells all there is now, and ids of what changed outside."""
    token = request.query.get("$skiptoken") or request.query.get("$deltatoken") or ""
    chain = world.chains.get(token)
    if chain is None or chain.of != of:
        raise _forgotten(world, request)
    if "$skiptoken" in request.query:
        return _page(world, request, wishes, chain)
    view, outside = look(chain)
    changed = [told[0] for key, told in view.items() if chain.known.get(key, (-1, ""))[0] != told[1]]
    removed = [
        ordinary if not wishes.immutable else key for key, (_, ordinary) in chain.known.items() if key not in view
    ]
    news = [*changed, *({"id": over, "@removed": {"reason": REMOVED}} for over in [*removed, *outside])]
    if world.switches.delta_repeats:
        news = [*news, *changed]
    known = {key: told[1:] for key, told in view.items()}
    successor = Chain(of, world.version, known, news, chain.window, chain.size)
    return _page(world, request, wishes, successor)


def refuse_options(request: Request, *names: str) -> None:
    for name in names:
        if name in request.query:
            message = f"The following parameters are not supported with change tracking over this resource: '{name}'."
            raise bad_request(message, "ErrorInvalidUrlQuery")


def followed(request: Request) -> bool:
    return "$skiptoken" in request.query or "$deltatoken" in request.query


def _page(world: World, request: Request, wishes: Preferences, chain: Chain) -> Response:
    size = wishes.page_size or chain.size
    shown, rest = chain.pending[:size], chain.pending[size:]
    content: dict[str, Any] = {"@odata.context": f"{request.base_url}/v1.0/$metadata#simulated", "value": shown}
    successor = Chain(chain.of, chain.base, chain.known, rest, chain.window, chain.size)
    token = lists.remember(world, successor)
    if rest:
        content["@odata.nextLink"] = lists.link(request, **{"$skiptoken": token})
    else:
        content["@odata.deltaLink"] = lists.link(request, **{"$deltatoken": token})
    return wishes.mark(answer(200, content))


def _forgotten(world: World, request: Request) -> GraphError:
    message = "The sync state generation is not found; generation mismatch."
    headers = {}
    if world.switches.resync_names_location:
        headers["Location"] = f"{request.base_url}{request.path}?$deltatoken=latest"
    return GraphError(410, "SyncStateNotFound", message, headers)


def _size(request: Request) -> int:
    top = request.query.get("$top", "")
    return int(top) if top.isdecimal() else 0

"""Collections in pages, and what of each thing was selected."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from integrations.simulators.http import Request, Response, answer
from integrations.simulators.microsoft.errors import bad_request
from integrations.simulators.microsoft.graph.preferences import Preferences
from integrations.simulators.microsoft.records import Chain
from integrations.simulators.microsoft.world import World

MOST = 999


def page(
    world: World, request: Request, items: Sequence[Any], wishes: Preferences, shown: Callable[[Any], dict[str, Any]]
) -> Response:
    """`items` are shown one page at a time; the link to the next is to be followed as it is."""
    size = _size(world, request, wishes)
    offset = _number(request, "$skip", 0)
    content: dict[str, Any] = {"@odata.context": f"{request.base_url}/v1.0/$metadata#simulated"}
    content["value"] = [selected(request, shown(item)) for item in items[offset : offset + size]]
    if offset + size < len(items):
        content["@odata.nextLink"] = link(request, **{"$skip": str(offset + size), "$top": str(size)})
    return wishes.mark(answer(200, content))


def selected(request: Request, content: dict[str, Any]) -> dict[str, Any]:
    names = [name for name in request.query.get("$select", "").split(",") if name]
    if not names:
        return content
    wanted = {*names, "id"}
    return {name: value for name, value in content.items() if name in wanted or name.startswith("@odata.")}


def link(request: Request, **more: str) -> str:
    """The address of this request with other parameters; a token replaces the window."""
    kept = {} if "$skiptoken" in more or "$deltatoken" in more else request.query
    return f"{request.base_url}{request.path}?{urlencode({**kept, **more})}"


def remember(world: World, chain: Chain) -> str:
    token = secrets.token_urlsafe(48)
    world.chains[token] = chain
    return token


def _size(world: World, request: Request, wishes: Preferences) -> int:
    asked = _number(request, "$top", wishes.page_size or world.switches.page_size)
    if not 0 < asked <= MOST + 1:
        raise bad_request(f"The value of $top must be between 1 and {MOST + 1}.")
    return asked


def _number(request: Request, name: str, otherwise: int) -> int:
    found = request.query.get(name, str(otherwise))
    if not found.isdecimal():
        raise bad_request(f"Invalid value '{found}' for {name}.")
    return int(found)

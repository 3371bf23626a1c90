"""Lists in pages, with tokens that live a quarter of an hour."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from integrations.simulators.http import Request
from integrations.simulators.zoom.errors import ApiError
from integrations.simulators.zoom.records import Page
from integrations.simulators.zoom.world import World

TOKEN_LIFE = timedelta(minutes=15)
Item = TypeVar("Item")


def page_of(
    world: World, request: Request, items: Sequence[Item], *, of: str, most: int
) -> tuple[list[Item], dict[str, object]]:
    """The items asked for and the envelope around them. `of` names the list: a token serves no other."""
    size = _size(request, most)
    offset = _offset(world, request.query.get("next_page_token", ""), of)
    shown = list(items[offset : offset + size])
    more = offset + size < len(items)
    return shown, {
        "page_count": -(-len(items) // size),
        "page_size": size,
        "total_records": len(items),
        "next_page_token": _token(world, of, offset + size) if more else "",
    }


def _size(request: Request, most: int) -> int:
    asked = request.query.get("page_size", "30")
    return max(1, min(int(asked) if asked.isdecimal() else 30, most))


def _offset(world: World, token: str, of: str) -> int:
    if not token:
        return 0
    page = world.pages.get(token)
    if page is None or page.of != of or page.expires_at <= world.clock.now():
        raise ApiError(400, 300, "The next page token is invalid or expired.")
    return page.offset


def _token(world: World, of: str, offset: int) -> str:
    token = secrets.token_urlsafe(24)
    world.pages[token] = Page(of, offset, world.clock.now() + TOKEN_LIFE)
    return token

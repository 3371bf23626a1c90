"""Lists in pages, and the tokens of incremental sync."""

import secrets
from collections.abc import Callable
from typing import Any

from integrations.simulators.google.errors import ApiError, invalid
from integrations.simulators.google.records import Page, SyncToken
from integrations.simulators.google.world import World
from integrations.simulators.http import Request, Response, answer

Shown = Callable[[Any], dict[str, Any]]


def since(world: World, request: Request, of: str, settings: tuple[tuple[str, str], ...]) -> SyncToken | None:
    """What the sync token stands for; None: everything is asked for."""
    named = request.query.get("syncToken")
    if named is None:
        return None
    token = world.sync_tokens.get(named)
    if token is None or token.of != of or token.expired:
        raise ApiError(
            410,
            "fullSyncRequired",
            "Sync token is no longer valid, a full sync is required.",
            domain="calendar",
            location="syncToken",
        )
    if token.settings != settings:
        world.violations.append(f"{of}: the list began with {token.settings} and goes on with {settings}")
    return token


def begin(world: World, request: Request, of: str, items: list[Any], *, gives_token: bool = True) -> Page:
    return Page(of, items, world.version, request.query.get("syncToken", ""), gives_token, first=True)


def known(world: World, request: Request, of: str) -> Page | None:
    """Where a page token goes on."""
    named = request.query.get("pageToken")
    if not named:
        return None
    page = world.pages.get(named)
    if page is None or page.of != of or page.token != request.query.get("syncToken", ""):
        raise invalid("Invalid page token value.", "pageToken")
    return page


def answered(
    world: World,
    page: Page,
    size: int,
    shown: Shown,
    frame: dict[str, Any],
    settings: tuple[tuple[str, str], ...],
    *,
    name: str = "items",
) -> Response:
    """One page; the last one brings the sync token."""
    size = 0 if world.switches.short_pages and page.first else size
    items, rest = page.items[:size], page.items[size:]
    told = {**frame, name: [shown(item) for item in items]}
    if rest:
        told["nextPageToken"] = _kept(world, Page(page.of, rest, page.version, page.token, page.gives_token))
    elif page.gives_token:
        told["nextSyncToken"] = issue(world, page.of, page.version, settings)
    return answer(200, told)


def issue(world: World, of: str, version: int, settings: tuple[tuple[str, str], ...]) -> str:
    token = secrets.token_urlsafe(24) + "="
    world.sync_tokens[token] = SyncToken(of, version, settings, world.clock.now())
    return token


def size(request: Request, name: str, default: int, most: int) -> int:
    asked = request.query.get(name, str(default))
    if not asked.isdecimal() or int(asked) < 1:
        raise invalid("Invalid value.", name)
    return min(int(asked), most)


def _kept(world: World, page: Page) -> str:
    token = secrets.token_urlsafe(18)
    world.pages[token] = page
    return token

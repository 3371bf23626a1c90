"""Throttling: too many at once for one mailbox, or as long as somebody says so."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.simulators.http import Request
from integrations.simulators.microsoft.errors import GraphError
from integrations.simulators.microsoft.world import World

SECONDS = {"second": "5", "decimal": "2.128", "day": "3600", "user": "30", "silent": ""}
"""Retry-After by the limit that a fault names; silent: without the header."""


def too_many(limit: str = "second") -> GraphError:
    seconds = SECONDS.get(limit, limit)
    headers = {"Retry-After": seconds} if seconds else {}
    return GraphError(429, "TooManyRequests", "Too many requests.", headers)


@contextmanager
def entered(world: World, request: Request) -> Iterator[None]:
    """Counts the call while it runs. Raises GraphError if too many run for the same mailbox."""
    mailbox = _mailbox(world, request)
    with world.lock:
        world.running[mailbox] += 1
        crowded = mailbox and world.running[mailbox] > world.switches.most_at_once
    try:
        if crowded:
            message = "Application is over its MailboxConcurrency limit."
            raise GraphError(429, "ApplicationThrottled", message, {"Retry-After": "1"})
        yield
    finally:
        with world.lock:
            world.running[mailbox] -= 1


def check(world: World, user_id: str) -> None:
    """Raises GraphError while this mailbox is throttled on request."""
    if user_id in world.throttled:
        seconds = world.throttled[user_id]
        raise GraphError(429, "TooManyRequests", "Too many requests.", {"Retry-After": seconds} if seconds else {})


def _mailbox(world: World, request: Request) -> str:
    token = request.headers.get("authorization", "").partition(" ")[2]
    known = world.access_tokens.get(token)
    return known.user_id or "" if known and request.path.startswith("/v1.0/") else ""

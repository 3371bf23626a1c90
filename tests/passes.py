"""What a pass of the suite leaves out: what its database, its broker or this machine cannot decide.

The pass on SQLite is the try-out, with the browser; the one on PostgreSQL and Redis is production, and looks only at
what touches a database, and of a test with many examples at the first (decision 0012).
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection as database

from tests import servers

WHATEVER_THE_DATABASE = "tests/integrations/providers/"
"""What providers say, and how it is understood."""

CHOOSING = {"sqlite", "postgres", "redis", "browser"}
"""The marks that say where a test can be decided."""


def split(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """What this pass runs, and what it leaves out."""
    here = _here()
    chosen = [item for item in items if not _marks(item) - here]
    if "postgres" in here:
        chosen = [*_first_examples(item for item in chosen if _touches_database(item))]
    kept = set(chosen)
    return chosen, [item for item in items if item not in kept]


def _here() -> set[str]:
    """The browser sees the pages once: on SQLite."""
    if database.vendor == "postgresql":
        return {"postgres"} | ({"redis"} if settings.REDIS_URL else set())
    return {"sqlite"} | ({"redis"} if settings.REDIS_URL else set()) | ({"browser"} if servers.chromium() else set())


def _marks(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()} & CHOOSING


def _touches_database(item: pytest.Item) -> bool:
    if item.nodeid.startswith(WHATEVER_THE_DATABASE):
        return False
    fixtures: set[str] = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})


def _first_examples(items: Iterator[pytest.Item]) -> Iterator[pytest.Item]:
    """Of each test the first example; all of those about what a database takes or refuses."""
    seen = set()
    for item in items:
        test = item.nodeid.partition("[")[0]
        if test not in seen or item.get_closest_marker("each_example"):
            yield item
        seen.add(test)

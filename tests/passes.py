"""What a pass of the suite leaves out: what its database, its broker or this machine cannot decide.

The pass on SQLite is the try-out, with the browser; the one on PostgreSQL and Redis is production, and looks only at
what touches a database (decision 0012).
"""

import pytest
from django.conf import settings
from django.db import connection as database

from tests import servers

CHOOSING = {"sqlite", "postgres", "redis", "browser"}
"""The marks that say where a test can be decided."""


def split(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """What this pass runs, and what it leaves out."""
    here = _here()
    chosen = [item for item in items if not _marks(item) - here and ("postgres" not in here or _touches_database(item))]
    return chosen, [item for item in items if item not in set(chosen)]


def _here() -> set[str]:
    """The browser sees the pages once: on SQLite."""
    if database.vendor == "postgresql":
        return {"postgres"} | ({"redis"} if settings.REDIS_URL else set())
    return {"sqlite"} | ({"redis"} if settings.REDIS_URL else set()) | ({"browser"} if servers.chromium() else set())


def _marks(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()} & CHOOSING


def _touches_database(item: pytest.Item) -> bool:
    fixtures: set[str] = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})

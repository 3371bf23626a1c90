"""How many requests one caller may make in a minute, and how he is told (IETF draft: RateLimit header fields)."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from scheduling.models import Quota

MINUTE = 60
_SPEND = f"""
    INSERT INTO {Quota._meta.db_table} (caller, minute, used) VALUES (%s, %s, 1)
    ON CONFLICT (caller) DO UPDATE SET
        used = CASE WHEN excluded.minute > {Quota._meta.db_table}.minute
               THEN 1 ELSE {Quota._meta.db_table}.used + 1 END,
        minute = CASE WHEN excluded.minute > {Quota._meta.db_table}.minute
                 THEN excluded.minute ELSE {Quota._meta.db_table}.minute END
    RETURNING used
"""  # noqa: S608  # the name of a table of ours
"""One statement, so that no request is lost to another; a clock that is behind does not give the minute anew."""


@dataclass(frozen=True)
class Spent:
    """used: requests of this minute, this one with them.  reset: seconds until the next."""

    used: int
    limit: int
    reset: int

    @property
    def is_over(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, str]:
        left = max(self.limit - self.used, 0)
        return {
            "RateLimit-Policy": f'"requests";q={self.limit};w={MINUTE}',
            "RateLimit": f'"requests";r={left};t={self.reset}',
        }


def spend(caller: str) -> Spent:
    """Count one request of `caller` (Caller.name)."""
    minute, second = divmod(int(time.time()), MINUTE)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [caller, minute])
        (used,) = cursor.fetchone()
    return Spent(used, settings.API_REQUESTS_PER_MINUTE, MINUTE - second)


def forget() -> None:
    """Of callers that have not asked for an hour."""
    Quota.objects.filter(minute__lt=int(time.time()) // MINUTE - 60).delete()

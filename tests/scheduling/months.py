"""A month on a booking page, read as a visitor reads it."""

from django.core.cache import caches
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

PAGE = "/olga-berg/intro?month=2027-03&day=2027-03-01"


def read(address: str = PAGE, **headers: str) -> str:
    return Client(headers=headers).get(address).content.decode()


def asked(address: str = PAGE, *, client: Client | None = None, **headers: str) -> int:
    """How many queries an answer costs."""
    with CaptureQueriesContext(database) as queries:
        (client or Client()).get(address, headers=headers)
    return len(queries)


def anew() -> str:
    caches["months"].clear()
    return read()

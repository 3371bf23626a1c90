"""An invitee without an account, without scripts: opens a form, fills it in, sends it."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from scheduling import challenges
from scheduling.models import Scheduler
from tests.factories import MONDAY

TEN = MONDAY + timedelta(hours=9)
"""Monday, 1 March 2027, 10:00 in Berlin."""

IVAN = {"name": "Ivan Invitee", "email": "ivan@example.com", "notes": "The harbour"}


def url(page: Scheduler, start: datetime | str | None = None, **values: str | int) -> str:
    if isinstance(start, datetime):
        start = f"{start:%Y-%m-%dT%H:%MZ}"
    query = urlencode({"zone": "Europe/Berlin", **({"start": start} if start else {}), **values})
    return f"/{page.host.custom_url}/{page.slug}?{query}"


def hidden(page: Any) -> dict[str, str]:
    """What the form carries along; given out long enough ago for a person."""
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    return found | {"stamp": challenges.stamp(age=timedelta(minutes=1))}


def fill_in(client: Client, address: str, **typed: str) -> dict[str, str]:
    return hidden(client.get(address)) | IVAN | typed


def book(client: Client, page: Scheduler, start: datetime = TEN, **typed: str) -> Any:
    address = url(page, start)
    return client.post(address, fill_in(client, address, **typed))


def shows(page: Any, typed: Mapping[str, str] = IVAN) -> bool:
    """Whether everything that was typed stands in the form again."""
    initial = page.context["form"].data
    return all(initial[name] == value for name, value in typed.items())

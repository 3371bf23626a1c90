"""Ids as Exchange makes them: long, case-sensitive, with characters that an address must encode."""

import base64
import re
from datetime import UTC, datetime

from integrations.simulators.microsoft.world import World

OCCURRENCE = re.compile(r"(?P<master>.+)-o(?P<start>\d{12})(?P<end>=*)")


def ordinary(world: World) -> str:
    """Another one after each move."""
    return "AAMkAG" + _random(world, 30) + "+/="


def immutable(world: World) -> str:
    return "AAkALg" + _random(world, 30) + "/+="


def folder(world: World) -> str:
    """Of calendars and of contacts: constant anyway."""
    return "AQMkAD" + _random(world, 24) + "="


def change_key(version: int) -> str:
    return base64.b64encode(f"change {version:010}".encode()).decode()


def occurrence(master: str, start: datetime) -> str:
    """Tells which event of a series, and when it was meant to be."""
    bare = master.rstrip("=")
    return f"{bare}-o{start.astimezone(UTC):%Y%m%d%H%M}" + "=" * (len(master) - len(bare))


def split(id: str) -> tuple[str, datetime | None]:
    """The id of the event itself and, of an occurrence, its original start."""
    found = OCCURRENCE.fullmatch(id)
    if found is None:
        return id, None
    start = datetime.strptime(found["start"], "%Y%m%d%H%M").replace(tzinfo=UTC)
    return found["master"] + found["end"], start


def _random(world: World, count: int) -> str:
    return base64.b64encode(world.chance.randbytes(count)).decode().rstrip("=")

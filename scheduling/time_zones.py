"""IANA time zones as people look for them: by name, city or country."""

import re
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo, available_timezones

NOT_FOR_PEOPLE = ("posix", "right", "localtime", "Factory")


def find(name: str) -> str | None:
    """The zone of this name, however its letters are cased, by the name it has today; None if there is none."""
    found = _by_folded_name().get(name.strip().replace(" ", "_").casefold())
    return _today().get(found, found) if found else None


def search(text: str, *, limit: int = 12) -> list[str]:
    """Zones whose city, region or country contains every word of `text`; whole words and cities come first."""
    words = _plain(text).split()
    if not words:
        return []
    found = [zone for zone, index in _index().items() if all(word in index for word in words)]
    return sorted(found, key=lambda zone: _rank(zone, words))[:limit]


def city(name: str) -> str:
    """The last part of the name, for people: "Europe/Berlin" is "Berlin"."""
    return name.rsplit("/", 1)[-1].replace("_", " ")


def offset(name: str, at: datetime) -> str:
    """How far the zone is from UTC at an instant: "UTC+05:45"."""
    shown = at.astimezone(ZoneInfo(name)).strftime("%z")
    return f"UTC{shown[:3]}:{shown[3:5]}"


def _rank(zone: str, words: list[str]) -> tuple[bool, bool, str]:
    whole = set(_index()[zone].split())
    return not whole.issuperset(words), not _plain(city(zone)).startswith(words[0]), zone


@lru_cache(maxsize=1)
def _by_folded_name() -> dict[str, str]:
    names = (name for name in available_timezones() if not name.startswith(NOT_FOR_PEOPLE))
    return {name.casefold(): name for name in names}


@lru_cache(maxsize=1)
def _today() -> dict[str, str]:
    """Old names and the new ones, as far as the new ones are those of a place: browsers still say Asia/Calcutta."""
    lines = (files("tzdata.zoneinfo") / "tzdata.zi").read_text(encoding="utf-8").splitlines()
    links = (line.split()[1:3] for line in lines if line.startswith("L "))
    places = _index()
    return {old: new for new, old in links if "/" in old and new in places and old not in places}


@lru_cache(maxsize=1)
def _index() -> dict[str, str]:
    """For each zone that a country uses today: its name, the countries and the part of them, folded."""
    places = {"UTC": "utc gmt universal"}
    countries = dict(_rows("iso3166.tab"))
    for code, _, zone, *remark in _rows("zone.tab"):
        places[zone] = _plain(" ".join([zone, countries.get(code, ""), *remark]))
    return places


def _rows(table: str) -> list[list[str]]:
    lines = (files("tzdata.zoneinfo") / table).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _plain(text: str) -> str:
    """Small letters without accents, words apart."""
    letters = "".join(letter for letter in normalize("NFKD", text) if not combining(letter))
    return re.sub(r"[^\w+-]+|_", " ", letters).casefold().strip()

"""Schedulers out of a file of another system: what would be made, then what of it was ticked, all or nothing."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Membership
from scheduling import import_places, import_rules, schedulers, schedules
from scheduling.elsewhere.types import Entry
from scheduling.models import Schedule, Scheduler
from scheduling.places import Choice, choices


@dataclass(frozen=True)
class Planned:
    """settings: fields of Scheduler.  place: where it would meet, in words.  changes: what will be other than there.

    problem: why it is not made; is_there: because it was taken over before.
    """

    key: str
    entry: Entry
    settings: dict[str, Any]
    place: str = ""
    changes: tuple[str, ...] = ()
    problem: str = ""
    is_there: bool = False

    @property
    def can_be_made(self) -> bool:
        return not self.problem


def plan(membership: Membership, entries: list[Entry]) -> list[Planned]:
    """In the order of the file. Nothing is written."""
    mine = list(Scheduler.objects.filter(host=membership.user).values_list("name", "slug"))
    offered, taken = choices(membership), {slug for _name, slug in mine} | schedulers.RESERVED
    planned = []
    for number, entry in enumerate(entries):
        one = _planned(str(number), entry, mine, taken, offered)
        taken |= {one.settings["slug"]} if one.can_be_made else set()
        planned.append(one)
    return planned


@transaction.atomic
def make(membership: Membership, entries: list[Entry], *, wanted: Collection[str]) -> list[Scheduler]:
    """Those ticked, switched off, with his usual hours. Sent twice at the same moment, they are made once."""
    Membership.objects.select_for_update().get(pk=membership.pk)
    hours = schedules.default_for(membership)
    ticked = [one for one in plan(membership, entries) if one.can_be_made and one.key in wanted]
    return [_made(membership, one, hours) for one in ticked]


def _made(membership: Membership, one: Planned, hours: Schedule) -> Scheduler:
    return schedulers.create(membership, schedule=hours, is_on=False, **one.settings)


def _planned(
    key: str, entry: Entry, mine: list[tuple[str, str]], taken: Collection[str], offered: list[Choice]
) -> Planned:
    rules = import_rules.of(entry)
    problem = entry.problem or rules.problem
    wish = _wish(entry, rules.name)
    if not problem and any(_is_same(rules.name, wish, *known) for known in mine):
        there = _("You have it already: a scheduler of this name and address.")
        return Planned(key, entry, {}, problem=there, is_there=True)
    if problem:
        return Planned(key, entry, {}, problem=problem)
    place = import_places.of(entry, offered)
    slug = next(candidate for candidate in _numbered(wish) if candidate not in taken)
    settings = rules.settings | place.settings | {"slug": slug}
    changes = (*rules.changes, *place.changes, *_moved(entry, slug))
    return Planned(key, entry, settings, place=place.name, changes=changes)


def _wish(entry: Entry, name: str) -> str:
    wishes = (slugify(text.replace("_", " "))[: schedulers.LONGEST - 5].strip("-") for text in (entry.slug, name))
    return next(filter(None, wishes), "meeting")


def _numbered(wish: str) -> Iterator[str]:
    yield wish
    yield from (f"{wish}-{number}" for number in count(2))


def _is_same(name: str, wish: str, known_name: str, known_slug: str) -> bool:
    """By name and address, where the address may have had to become another."""
    return name.casefold() == known_name.casefold() and bool(re.fullmatch(rf"{re.escape(wish)}(-[0-9]+)?", known_slug))


def _moved(entry: Entry, slug: str) -> list[str]:
    return [_("Its address becomes “%(slug)s”.") % {"slug": slug}] if entry.slug and entry.slug != slug else []

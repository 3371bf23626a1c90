"""Instances of a series: expanded by the wall clock of its zone, with what was changed or deleted among them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from integrations.simulators.exchange.records import Folder, Item
from integrations.simulators.exchange.soap import Refused
from integrations.simulators.exchange.zones import zone

MOST = 5000
OCCURRENCE = re.compile(r"(?P<master>.+)OCC(?P<index>\d{5})=")


def instances(master: Item, until: datetime) -> Iterator[tuple[int, Item]]:
    """With their places in the series, from 1 on; those that were deleted are left out."""
    here, length = zone(master.zone), master.end - master.start
    begun = master.start.astimezone(here).replace(tzinfo=None)
    limit = until.astimezone(here).replace(tzinfo=None) + timedelta(days=1)
    starts = islice((at for at in rrulestr(master.rule, dtstart=begun)), MOST)
    for index, wall in enumerate(starts, start=1):
        if wall > limit:
            return
        start = wall.replace(tzinfo=here).astimezone(UTC)
        if (one := _instance(master, index, start, start + length)) is not None:
            yield index, one


def _instance(master: Item, index: int, start: datetime, end: datetime) -> Item | None:
    named = {"id": f"{master.id.rstrip('=')}OCC{index:05d}=", "rule": "", "changed": {}, "original_start": start}
    if start not in master.changed:
        return master.copy(kind="Occurrence", start=start, end=end, **named)
    exception = master.changed[start]
    return exception and exception.copy(kind="Exception", change_key=master.change_key, **named)


def seen(folder: Folder, start: datetime, end: datetime) -> list[Item]:
    """As a calendar shows them: singles and instances that touch the window."""
    found = []
    for item in folder.items.values():
        each = [one for _index, one in instances(item, end)] if item.rule else [item]
        found += [one for one in each if one.start < end and (one.end > start or one.start == one.end >= start)]
    return sorted(found, key=lambda one: (one.start, one.id))


def find(folder: Folder, item_id: str) -> Item | None:
    """By the id of an item or of an instance."""
    if item_id in folder.items:
        return folder.items[item_id]
    return instance(folder, *split) if (split := parts(item_id)) else None


def parts(item_id: str) -> tuple[str, int] | None:
    """The master's id and the place in the series, if it is the id of an instance."""
    found = OCCURRENCE.fullmatch(item_id)
    return (found["master"] + "=", int(found["index"])) if found else None


def instance(folder: Folder, master_id: str, index: int) -> Item | None:
    master = folder.items.get(master_id)
    if master is None or not master.rule:
        return None
    return next(
        (one for place, one in instances(master, datetime.max.replace(year=9000, tzinfo=UTC)) if place == index), None
    )


def change(folder: Folder, item_id: str, to: Item | None) -> Item:
    """An instance becomes an exception, or (None) is deleted; the master, changed. Raises Refused."""
    now = find(folder, item_id)
    split = parts(item_id)
    if now is None or split is None or now.original_start is None:
        raise Refused("ErrorItemNotFound", "The specified object was not found in the store.")
    master = folder.items[split[0]]
    master.changed[now.original_start] = to
    return master

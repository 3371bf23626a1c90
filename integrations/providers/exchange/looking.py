"""Reading a calendar: windows with every instance of a series, in slices that a server is ready to answer."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from exchangelib.errors import ErrorExceededFindCountLimit, ErrorItemNotFound

from integrations.exceptions import RequestRejected
from integrations.providers.exchange import operations, translation
from integrations.providers.exchange.mailbox import Mailbox
from integrations.providers.exchange.operations import m, t
from integrations.types import Event

LONGEST = timedelta(days=700)
SHORTEST = timedelta(minutes=10)
COMFORTABLE = operations.MOST_FOUND * 3 // 4


def events(mailbox: Mailbox, folder: str, start: datetime, end: datetime) -> Iterator[list[Event]]:
    """Slice after slice; an event that reaches into two of them comes once."""
    seen: set[str] = set()
    for items in _slices(mailbox, folder, start, end):
        fresh = [one for one in items if translation.item_id(one) not in seen]
        seen |= {translation.item_id(one) for one in fresh}
        yield [one for one in read(mailbox, fresh) if one.external_id]


def read(mailbox: Mailbox, items: list[Any]) -> list[Event]:
    """What finding does not tell, the zones of all-day events, is asked for besides."""
    missing = [one for one in items if translation.is_all_day(one) and not translation.zone_of(one)]
    zones = _zones(mailbox, missing)
    known = [one for one in items if one not in missing or translation.text(one, "UID") in zones]
    return [translation.event(one, zones.get(translation.text(one, "UID"), "")) for one in known]


def got(mailbox: Mailbox, ids: Iterable[str], fields: tuple[str, ...] = operations.READ) -> Iterator[Any]:
    """In full; those that are gone are left out."""
    each = iter(ids)
    while some := list(islice(each, operations.MOST_READ)):
        for message in mailbox.ask(operations.GetItem, operations.items(some, fields)):
            if isinstance(message, ErrorItemNotFound):
                continue
            if isinstance(message, Exception):
                raise message
            yield from message.iterfind(f"{m('Items')}/{t('CalendarItem')}")


def _slices(mailbox: Mailbox, folder: str, start: datetime, end: datetime) -> Iterator[list[Any]]:
    if end - start > LONGEST:
        yield from _split(mailbox, folder, start, end, (end - start) // LONGEST + 1)
        return
    try:
        [message] = mailbox.ask(operations.FindItem, operations.window(folder, start, end))
    except ErrorExceededFindCountLimit:
        yield from _split(mailbox, folder, start, end, 2)
        return
    if isinstance(message, Exception):
        raise message
    root = message.find(m("RootFolder"))
    if root.get("IncludesLastItemInRange") == "false":
        yield from _split(mailbox, folder, start, end, max(2, int(root.get("TotalItemsInView")) // COMFORTABLE + 1))
        return
    yield list(root.iterfind(f"{t('Items')}/{t('CalendarItem')}"))


def _split(mailbox: Mailbox, folder: str, start: datetime, end: datetime, parts: int) -> Iterator[list[Any]]:
    length = (end - start) / parts
    if length < SHORTEST:
        raise RequestRejected(_("There are more events at one time than Exchange is ready to list."))
    for number in range(parts):
        until = end if number == parts - 1 else start + length * (number + 1)
        yield from _slices(mailbox, folder, start + length * number, until)


def _zones(mailbox: Mailbox, items: list[Any]) -> dict[str, str]:
    """Windows names by UID: instances of a series share it, so one of them is asked."""
    ids = {translation.text(one, "UID"): translation.item_id(one) for one in items}
    found = got(mailbox, ids.values(), operations.ZONE)
    return {translation.text(one, "UID"): translation.zone_of(one) for one in found}

"""What changed in a calendar. Exchange tells of series as a whole, so their instances are read from the window anew.

Our sync token is Exchange's state and the series that we know, by id: of one that goes, only the id is told.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.exceptions import SyncTokenLost
from integrations.providers.exchange import looking, operations, translation
from integrations.providers.exchange.mailbox import Mailbox
from integrations.providers.exchange.operations import m, t
from integrations.types import Event, EventPage

Window = tuple[datetime, datetime]


@dataclass
class Followed:
    """state: Exchange's own.  series: UIDs by the ids of their masters."""

    state: str = ""
    series: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, token: str) -> "Followed":
        """Raises SyncTokenLost."""
        try:
            return cls(*json.loads(token)) if token else cls()
        except (ValueError, TypeError):
            raise SyncTokenLost from None

    def token(self) -> str:
        return json.dumps([self.state, self.series], separators=(",", ":"))


def everything(mailbox: Mailbox, folder: str, window: Window) -> Iterator[EventPage]:
    """The state first: what changes while we read is told of again next time."""
    followed = Followed()
    for change in _changes(mailbox, folder, followed):
        _note(followed, change)
    for events in looking.events(mailbox, folder, *window):
        yield EventPage(tuple(events))
    yield EventPage(sync_token=followed.token())


def since(mailbox: Mailbox, folder: str, window: Window, token: str) -> Iterator[EventPage]:
    followed = Followed.read(token)
    changed, removed, touched = [], set(), set()
    for change in _changes(mailbox, folder, followed):
        removed |= _removed(followed, change)
        _note(followed, change)
        if change.tag == t("Delete"):
            continue
        item = _item(change)
        if translation.text(item, "CalendarItemType") in translation.SERIES:
            touched.add(translation.text(item, "UID"))
        else:
            changed.append(item)
    singles = _within(looking.read(mailbox, changed), window, removed)
    series = _instances(mailbox, folder, window, touched)
    yield EventPage((*singles, *series), tuple(sorted(removed)), tuple(sorted(touched)), followed.token())


def _changes(mailbox: Mailbox, folder: str, followed: Followed) -> Iterator[Any]:
    """Moves the state on, page by page."""
    while True:
        [message] = mailbox.ask(operations.SyncFolderItems, operations.changes(folder, followed.state))
        if isinstance(message, Exception):
            raise message
        before, followed.state = followed.state, str(message.findtext(m("SyncState")))
        yield from (one for one in message.find(m("Changes")) if _is_ours(one))
        if message.findtext(m("IncludesLastItemInRange")) != "false" or before == followed.state:
            return


def _is_ours(change: Any) -> bool:
    """Neither mails that somebody put there, nor whether he has read them."""
    if change.tag == t("Delete"):
        return True
    return change.tag in (t("Create"), t("Update")) and change.find(t("CalendarItem")) is not None


def _item(change: Any) -> Any:
    return change.find(t("CalendarItem"))


def _note(followed: Followed, change: Any) -> None:
    """Which series there are."""
    if change.tag == t("Delete"):
        followed.series.pop(str(change.find(t("ItemId")).get("Id")), None)
        return
    item = _item(change)
    if translation.text(item, "CalendarItemType") == "RecurringMaster":
        followed.series[translation.item_id(item)] = translation.text(item, "UID")
    else:
        followed.series.pop(translation.item_id(item), None)


def _removed(followed: Followed, change: Any) -> set[str]:
    """What is void by this change: itself or its series where it goes, and where one becomes the other."""
    if change.tag == t("Delete"):
        gone = str(change.find(t("ItemId")).get("Id"))
        return {followed.series.get(gone, gone)}
    item = _item(change)
    if translation.text(item, "CalendarItemType") == "RecurringMaster":
        return {translation.item_id(item)}
    return {followed.series[translation.item_id(item)]} if translation.item_id(item) in followed.series else set()


def _within(events: list[Event], window: Window, removed: set[str]) -> list[Event]:
    """An event that was moved out of the window is removed from what we know."""
    inside = []
    for event in events:
        is_day = not isinstance(event.start, datetime) or not isinstance(event.end, datetime)
        if is_day or (event.start < window[1] and event.end >= window[0]):
            inside.append(event)
        else:
            removed.add(event.external_id)
    return inside


def _instances(mailbox: Mailbox, folder: str, window: Window, touched: set[str]) -> list[Event]:
    if not touched:
        return []
    each = (event for events in looking.events(mailbox, folder, *window) for event in events)
    return [event for event in each if event.series_id in touched]

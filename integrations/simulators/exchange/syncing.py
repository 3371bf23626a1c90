"""SyncFolderItems: what changed since a state; series are told of as a whole, and of their exceptions."""

import base64
import binascii
from xml.etree.ElementTree import Element

from integrations.simulators.exchange import folders, series, shapes
from integrations.simulators.exchange.records import Folder, Item, Mailbox
from integrations.simulators.exchange.soap import Refused, el, messages, success, tag
from integrations.simulators.exchange.world import World

MOST = 512
FAR = 60
"""Days after the master's start in which exceptions are told of."""


def items(world: World, owner: Mailbox, request: Element) -> list[Element]:
    folder = folders.parent(owner, request, "m:SyncFolderId")
    since = _number(folder, request.findtext(tag("m:SyncState")) or "")
    most = min(MOST, int(request.findtext(tag("m:MaxChangesReturned")) or MOST))
    changes = _changes(folder, since)
    page = changes[:most]
    state = page[-1][0] if page else max([since, *(number for number, _id, _what in folder.journal[-1:])])
    each = [change for _number, item, what in page for change in _written(folder, owner, request, item, what)]
    done = "true" if len(page) == len(changes) else "false"
    inside = el("m:SyncState", _state(folder, state)), el("m:IncludesLastItemInRange", done), el("m:Changes", *each)
    return messages("SyncFolderItems", [success("SyncFolderItems", *inside)])


def _changes(folder: Folder, since: int) -> list[tuple[int, str, str]]:
    """The last word on each item, the oldest first; what came and went meanwhile is not told."""
    made = {item: number for number, item, what in folder.journal if what == "Create"}
    last = {item: (number, what) for number, item, what in folder.journal if number > since}
    told = []
    for item, (number, what) in sorted(last.items(), key=lambda one: one[1][0]):
        is_new = made.get(item, 0) > since
        if what == "Delete" and is_new:
            continue
        told.append((number, item, "Delete" if what == "Delete" else "Create" if is_new else "Update"))
    return told


def _written(folder: Folder, owner: Mailbox, request: Element, item_id: str, what: str) -> list[Element]:
    if what == "Delete":
        return [el("t:Delete", el("t:ItemId", Id=item_id, ChangeKey="EQAAABYAAAA="))]
    item = folder.items[item_id]
    told = [el(f"t:{what}", shapes.written(item, owner, request, finding=True))]
    return told + [el("t:Create", shapes.written(one, owner, request, finding=True)) for one in _exceptions(item)]


def _exceptions(item: Item) -> list[Item]:
    until = max([item.start, *item.changed])
    return [one for _place, one in series.instances(item, until) if one.kind == "Exception"] if item.rule else []


def _state(folder: Folder, number: int) -> str:
    return base64.b64encode(f"{folder.id}|{number}".encode()).decode()


def _number(folder: Folder, state: str) -> int:
    if not state:
        return 0
    try:
        of, _bar, number = base64.b64decode(state, validate=True).decode().partition("|")
    except (binascii.Error, UnicodeDecodeError):
        of, number = "", "0"
    if of != folder.id or not number.isdecimal() or int(number) < folder.forgotten:
        raise Refused("ErrorInvalidSyncStateData", "Synchronization state data is corrupt or otherwise invalid.")
    return int(number)

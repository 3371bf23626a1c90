"""GetItem, CreateItem, UpdateItem, DeleteItem."""

from collections.abc import Callable
from datetime import timedelta
from xml.etree.ElementTree import Element

from integrations.simulators.exchange import folders, reading, series, shapes, times
from integrations.simulators.exchange.records import Folder, Item, Mailbox
from integrations.simulators.exchange.soap import Refused, el, messages, success, tag
from integrations.simulators.exchange.soap import error as message_of
from integrations.simulators.exchange.world import World

INVITING = ("SendToNone", "SendOnlyToAll", "SendToAllAndSaveCopy")
UPDATING = (*INVITING, "SendOnlyToChanged", "SendToChangedAndSaveCopy")


def get(world: World, owner: Mailbox, request: Element) -> list[Element]:
    def one(asked: Element) -> Element:
        _folder, item = _found(owner, asked)
        return el("m:Items", shapes.written(item, owner, request))

    return _each("GetItem", request.find(tag("m:ItemIds")), one)


def create(world: World, owner: Mailbox, request: Element) -> list[Element]:
    _require_choice(request, "SendMeetingInvitations", INVITING, "ErrorSendMeetingInvitationsRequired")

    def one(given: Element) -> Element:
        folder = folders.parent(owner, request, "m:SavedItemFolderId")
        _require_writable(folder)
        item = new_item(world, owner, folder)
        reading.check_order(given)
        reading.take(item, list(given))
        world.keep(folder, item, "Create")
        _tell(world, item, request.get("SendMeetingInvitations", ""), "request")
        return el("m:Items", el("t:CalendarItem", _id(item)))

    return _each("CreateItem", request.find(tag("m:Items")), one)


def update(world: World, owner: Mailbox, request: Element) -> list[Element]:
    choice = "SendMeetingInvitationsOrCancellations"
    _require_choice(request, choice, UPDATING, "ErrorSendMeetingInvitationsOrCancellationsRequired")

    def one(change: Element) -> Element:
        folder, item = _found(owner, change[0])
        _require_writable(folder)
        _require_fresh(change[0], item, request.get("ConflictResolution", ""))
        _require_no_conflict(world)
        changed = _changed(item, change)
        kept = series.change(folder, item.id, changed) if item.original_start else changed
        world.keep(folder, kept, "Update")
        _tell(world, kept, request.get(choice, ""), "request")
        return el("m:Items", el("t:CalendarItem", _id(kept if not item.original_start else item)))

    return _each("UpdateItem", request.find(tag("m:ItemChanges")), one)


def delete(world: World, owner: Mailbox, request: Element) -> list[Element]:
    _require_choice(request, "SendMeetingCancellations", INVITING, "ErrorSendMeetingCancellationsRequired")

    def one(asked: Element) -> None:
        folder, item = _found(owner, asked)
        _require_writable(folder)
        if item.original_start:
            world.keep(folder, series.change(folder, item.id, None), "Update")
        else:
            world.keep(folder, item, "Delete")
        _tell(world, item, request.get("SendMeetingCancellations", ""), "cancellation")

    return _each("DeleteItem", request.find(tag("m:ItemIds")), one)


def keep(world: World, folder: Folder, item: Item, what: str) -> None:
    """As its owner leaves it: whole days are stretched."""
    if item.all_day:
        item.start, item.end = times.whole_days(item.start, item.end, item.zone)
    world.keep(folder, item, what)


def new_item(world: World, owner: Mailbox, folder: Folder) -> Item:
    number, now = world.number(), world.clock.now().replace(microsecond=0)
    uid = f"040000008200E00074C5B7101A82E008{number:032X}"
    return Item(f"AAMkItem{number:08d}AAA=", folder.id, "", now, now + timedelta(minutes=30), owner.zone, uid)


def _found(owner: Mailbox, asked: Element) -> tuple[Folder, Item]:
    """By ItemId, OccurrenceItemId or RecurringMasterItemId; item ids are case-sensitive. Raises Refused."""
    wanted, master = asked.get("Id", ""), asked.get("RecurringMasterId", "")
    if not (wanted or master or asked.get("OccurrenceId", "")).startswith("AAMkItem"):
        raise Refused("ErrorInvalidIdMalformed", "Id is malformed.")
    if occurrence := asked.get("OccurrenceId"):
        wanted = (series.parts(occurrence) or (occurrence, 0))[0]
    for folder in owner.folders.values():
        item = series.instance(folder, master, int(asked.get("InstanceIndex", "0"))) if master else None
        if item := item or series.find(folder, wanted):
            return folder, item
    raise Refused("ErrorItemNotFound", "The specified object was not found in the store.")


def _changed(item: Item, change: Element) -> Item:
    """A copy, so that a refused change leaves no trace."""
    made = item.copy(extended=dict(item.extended), attendees=list(item.attendees), changed=dict(item.changed))
    updates = change.find(tag("t:Updates"))
    for gone in change.iter(tag("t:DeleteItemField")):
        reading.forget(made, gone[0])
    given = [] if updates is None else [part for field in updates.iter(tag("t:CalendarItem")) for part in field]
    reading.take(made, given)
    return made


def _require_fresh(asked: Element, item: Item, resolution: str) -> None:
    sent = asked.get("ChangeKey")
    if resolution != "AlwaysOverwrite" and sent and sent != _key(item):
        raise Refused("ErrorIrresolvableConflict", "The send or update operation could not be performed.")


def _require_no_conflict(world: World) -> None:
    if world.switches.conflicts:
        world.switches.conflicts -= 1
        raise Refused("ErrorIrresolvableConflict", "The send or update operation could not be performed.")


def _require_choice(request: Element, name: str, choices: tuple[str, ...], code: str) -> None:
    if request.get(name) not in choices:
        raise Refused(code, f"{name} is required for calendar items.")


def _each(operation: str, asked: Element | None, do: Callable[[Element], Element | None]) -> list[Element]:
    """A message of its own for each item; one that is refused does not harm the others."""
    each = []
    for one in [] if asked is None else asked:
        try:
            each.append(success(operation, do(one)))
        except Refused as refused:
            each.append(message_of(operation, refused))
    return messages(operation, each)


def _key(item: Item) -> str:
    return f"DwAAA{item.change_key:08d}"


def _id(item: Item) -> Element:
    return el("t:ItemId", Id=item.id, ChangeKey=_key(item))


def _require_writable(folder: Folder) -> None:
    if folder.read_only:
        raise Refused("ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def _tell(world: World, item: Item, whom: str, what: str) -> None:
    if whom != "SendToNone":
        world.sent += [(what, item.uid, attendee) for attendee in item.attendees]

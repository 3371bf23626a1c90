"""FindItem: a calendar's window with every instance of a series, or its items as they are kept."""

from datetime import timedelta
from xml.etree.ElementTree import Element

from integrations.simulators.exchange import folders, series, shapes, times
from integrations.simulators.exchange.records import Folder, Item, Mailbox
from integrations.simulators.exchange.soap import Refused, el, messages, success, tag
from integrations.simulators.exchange.world import World

LONGEST = timedelta(days=731)
MOST = 1000


def find(world: World, owner: Mailbox, request: Element) -> list[Element]:
    folder = folders.parent(owner, request, "m:ParentFolderIds")
    view = request.find(tag("m:CalendarView"))
    if view is not None and request.find(tag("m:Restriction")) is not None:
        raise Refused("ErrorInvalidRestriction", "A calendar view cannot be combined with a restriction.")
    found, attributes = _window(folder, view) if view is not None else _page(folder, request)
    each = [shapes.written(item, owner, request, finding=True) for item in found]
    return messages("FindItem", [success("FindItem", el("m:RootFolder", el("t:Items", *each), **attributes))])


def _window(folder: Folder, view: Element) -> tuple[list[Item], dict[str, object]]:
    start, end = (times.read(view.get(name, ""), "UTC") for name in ("StartDate", "EndDate"))
    if end - start > LONGEST:
        raise Refused("ErrorCalendarViewRangeTooBig", "The calendar view range is too big.")
    found = series.seen(folder, start, end)
    most = int(view.get("MaxEntriesReturned") or len(found) or 1)
    whole = "true" if len(found) <= most else "false"
    return found[:most], {"TotalItemsInView": len(found), "IncludesLastItemInRange": whole}


def _page(folder: Folder, request: Element) -> tuple[list[Item], dict[str, object]]:
    """Masters and singles, a thousand at most."""
    view = request.find(tag("m:IndexedPageItemView"))
    offset = int(view.get("Offset", "0")) if view is not None else 0
    most = min(MOST, int(view.get("MaxEntriesReturned", MOST)) if view is not None else MOST)
    every = [item for item in folder.items.values() if _matches(item, request)]
    after = offset + most
    last = after >= len(every)
    attributes: dict[str, object] = {
        "TotalItemsInView": len(every),
        "IncludesLastItemInRange": "true" if last else "false",
    }
    attributes["IndexedPagingOffset"] = min(after, len(every))
    return every[offset:after], attributes


def _matches(item: Item, request: Element) -> bool:
    """Only what says that a property equals a value; all of them must."""
    restriction = request.find(tag("m:Restriction"))
    if restriction is None:
        return True
    return all(_value(item, one) == _wanted(one) for one in restriction.iter(tag("t:IsEqualTo")))


def _value(item: Item, condition: Element) -> str | None:
    uri = condition[0]
    if uri.tag == tag("t:ExtendedFieldURI"):
        return item.extended.get(uri.get("PropertyName", ""))
    return {"calendar:UID": item.uid, "item:Subject": item.subject}.get(uri.get("FieldURI", ""))


def _wanted(condition: Element) -> str | None:
    constant = condition.find(f".//{tag('t:Constant')}")
    return constant.get("Value") if constant is not None else None

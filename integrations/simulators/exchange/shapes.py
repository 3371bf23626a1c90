"""Items as XML: the properties that a request asks for, in the order of the schema."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from xml.etree.ElementTree import Element

from integrations.simulators.exchange import times
from integrations.simulators.exchange.records import Item, Mailbox
from integrations.simulators.exchange.soap import el, tag
from integrations.simulators.exchange.zones import zone

Writer = Callable[[Item, Mailbox], Element | None]
NOT_FOUND_BY_FINDING = {
    "item:Body",
    "item:TextBody",
    "calendar:RequiredAttendees",
    "calendar:OptionalAttendees",
    "calendar:StartTimeZone",
    "calendar:EndTimeZone",
}
"""FindItem leaves them out."""


def _address(email: str) -> Element:
    inside = el("t:Name", email.partition("@")[0]), el("t:EmailAddress", email), el("t:RoutingType", "SMTP")
    return el("t:Mailbox", *inside)


def _organizer(item: Item, owner: Mailbox) -> Element:
    return el("t:Organizer", _address(item.organizer or owner.email))


def _attendees(item: Item, owner: Mailbox) -> Element | None:
    each = [el("t:Attendee", _address(email), el("t:ResponseType", "Unknown")) for email in item.attendees]
    return el("t:RequiredAttendees", *each) if each else None


def _zone(name: str) -> Writer:
    return lambda item, owner: el(f"t:{name}", Id=item.zone, Name=f"({item.zone})")


def _flag(name: str, of: Callable[[Item, Mailbox], bool]) -> Writer:
    return lambda item, owner: el(f"t:{name}", "true" if of(item, owner) else "false")


def _text(name: str, of: Callable[[Item], str]) -> Writer:
    return lambda item, owner: el(f"t:{name}", of(item)) if of(item) else None


def _rights(item: Item, owner: Mailbox) -> Element:
    each = ("CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read", "ViewPrivateItems")
    return el("t:EffectiveRights", *(el(f"t:{one}", "true") for one in each))


def _recurrence(item: Item, owner: Mailbox) -> Element | None:
    if not item.rule:
        return None
    pattern = el("t:DailyRecurrence", el("t:Interval", "1"))
    begun = item.start.astimezone(zone(item.zone)).date().isoformat()
    return el("t:Recurrence", pattern, el("t:NoEndRecurrence", el("t:StartDate", begun)))


def _kind(item: Item) -> str:
    return "RecurringMaster" if item.rule else item.kind


PROPERTIES: dict[str, Writer] = {
    "item:ItemId": lambda item, owner: el("t:ItemId", Id=item.id, ChangeKey=f"DwAAA{item.change_key:08d}"),
    "item:ParentFolderId": lambda item, owner: el("t:ParentFolderId", Id=item.folder, ChangeKey="AQAAAA=="),
    "item:Subject": _text("Subject", lambda item: item.subject),
    "item:Sensitivity": _text("Sensitivity", lambda item: item.sensitivity),
    "item:Body": lambda item, owner: el("t:Body", item.body, BodyType="Text"),
    "item:TextBody": lambda item, owner: el("t:TextBody", item.body, BodyType="Text"),
    "item:EffectiveRights": _rights,
    "item:WebClientReadFormQueryString": _text("WebClientReadFormQueryString", lambda item: f"?ItemID={item.id}"),
    "calendar:UID": _text("UID", lambda item: item.uid),
    "calendar:RecurrenceId": lambda item, owner: (
        el("t:RecurrenceId", times.written(item.original_start)) if item.original_start else None
    ),
    "calendar:Start": lambda item, owner: el("t:Start", times.written(item.start)),
    "calendar:End": lambda item, owner: el("t:End", times.written(item.end)),
    "calendar:OriginalStart": lambda item, owner: (
        el("t:OriginalStart", times.written(item.original_start)) if item.original_start else None
    ),
    "calendar:IsAllDayEvent": _flag("IsAllDayEvent", lambda item, owner: item.all_day),
    "calendar:LegacyFreeBusyStatus": _text("LegacyFreeBusyStatus", lambda item: item.free_busy),
    "calendar:Location": _text("Location", lambda item: item.location),
    "calendar:IsMeeting": _flag("IsMeeting", lambda item, owner: bool(item.attendees or item.organizer)),
    "calendar:IsCancelled": _flag("IsCancelled", lambda item, owner: item.cancelled),
    "calendar:IsRecurring": _flag("IsRecurring", lambda item, owner: item.kind == "Occurrence"),
    "calendar:CalendarItemType": _text("CalendarItemType", _kind),
    "calendar:MyResponseType": _text("MyResponseType", lambda item: item.response),
    "calendar:Organizer": _organizer,
    "calendar:RequiredAttendees": _attendees,
    "calendar:Duration": _text("Duration", lambda item: _duration(item.end - item.start)),
    "calendar:Recurrence": _recurrence,
    "calendar:StartTimeZone": _zone("StartTimeZone"),
    "calendar:EndTimeZone": _zone("EndTimeZone"),
}
DEFAULT = set(PROPERTIES) - {
    "item:ItemId",
    "item:TextBody",
    "calendar:StartTimeZone",
    "calendar:EndTimeZone",
    "item:EffectiveRights",
}


def written(item: Item, owner: Mailbox, request: Element, *, finding: bool = False) -> Element:
    """As much of it as `request`, with its ItemShape, asks for."""
    asked = asked_for(request) - (NOT_FOUND_BY_FINDING if finding else set())
    each = [write(item, owner) for path, write in PROPERTIES.items() if path in asked | {"item:ItemId"}]
    return el("t:CalendarItem", *each, *_extended(item, request))


def asked_for(request: Element) -> set[str]:
    base = request.findtext(f".//{tag('t:BaseShape')}") or "IdOnly"
    named = {one.get("FieldURI", "") for one in request.iter(tag("t:FieldURI"))}
    return named | (set() if base == "IdOnly" else DEFAULT)


def _extended(item: Item, request: Element) -> Iterable[Element]:
    for uri in request.iter(tag("t:ExtendedFieldURI")):
        if (value := item.extended.get(uri.get("PropertyName", ""))) is not None:
            yield el("t:ExtendedProperty", el("t:ExtendedFieldURI", **uri.attrib), el("t:Value", value))


def _duration(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"PT{minutes // 60}H{minutes % 60}M"

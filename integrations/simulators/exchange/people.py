"""GetUserAvailability, ResolveNames, GetServerTimeZones and ConvertId: what is asked without a folder."""

from xml.etree.ElementTree import Element

from integrations.simulators.exchange import series, times, zones
from integrations.simulators.exchange.records import Item, Mailbox
from integrations.simulators.exchange.soap import Refused, el, error, messages, success, tag
from integrations.simulators.exchange.world import World


def availability(world: World, owner: Mailbox, request: Element) -> list[Element]:
    """Subjects are told unless an item is private or its owner shares only free and busy."""
    window = request.find(f".//{tag('t:TimeWindow')}")
    if window is None:
        raise Refused("ErrorInvalidTimeInterval")
    names = [request.find(f".//{tag('t:TimeWindow')}/{tag(name)}") for name in ("t:StartTime", "t:EndTime")]
    start, end = (times.read((one.text if one is not None else "") or "", "UTC") for one in names)
    each = [_seen(world, box, start, end) for box in request.iter(tag("t:MailboxData"))]
    return [el("m:FreeBusyResponseArray", *each)]


def resolve(world: World, owner: Mailbox, request: Element) -> list[Element]:
    wanted = (request.findtext(tag("m:UnresolvedEntry")) or "").lower().removeprefix("smtp:")
    found = [one for one in world.mailboxes.values() if _is_meant(one, wanted)]
    if not found:
        return messages("ResolveNames", [error("ResolveNames", Refused("ErrorNameResolutionNoResults"))])
    each = [el("t:Resolution", _mailbox(one)) for one in found]
    attributes = {"TotalItemsInView": len(each), "IncludesLastItemInRange": "true"}
    return messages("ResolveNames", [success("ResolveNames", el("m:ResolutionSet", *each, **attributes))])


def time_zones(world: World, owner: Mailbox, request: Element) -> list[Element]:
    wanted = [one.text or "" for one in request.iter(tag("t:Id"))] or list(zones.IANA)
    each = [el("t:TimeZoneDefinition", Id=one, Name=f"({one})") for one in wanted if one in zones.IANA]
    inside = el("m:TimeZoneDefinitions", *each)
    return messages("GetServerTimeZones", [success("GetServerTimeZones", inside)])


def convert_id(world: World, owner: Mailbox, request: Element) -> list[Element]:
    """Clients probe with it: any id is a bad one."""
    refused = Refused("ErrorInvalidIdMalformed", "Id is malformed.")
    return messages("ConvertId", [error("ConvertId", refused) for _one in request.iter(tag("t:AlternateId"))])


def _is_meant(one: Mailbox, wanted: str) -> bool:
    return wanted in {one.email, one.email.partition("@")[0], one.name.lower(), *one.aliases}


def _seen(world: World, box: Element, start: object, end: object) -> Element:
    address = box.findtext(f"{tag('t:Email')}/{tag('t:Address')}") or ""
    try:
        other = world.mailbox(address)
    except Refused:
        refused = error("", Refused("ErrorMailRecipientNotFound"))
        refused.tag = tag("m:ResponseMessage")
        return el("m:FreeBusyResponse", refused)
    calendar = next(one for one in other.folders.values() if one.distinguished == "calendar")
    each = [_event(other, item) for item in series.seen(calendar, start, end)]  # type: ignore[arg-type]
    view = el("m:FreeBusyView", el("t:FreeBusyViewType", "Detailed"), el("t:CalendarEventArray", *each))
    done = success("", None)
    done.tag = tag("m:ResponseMessage")
    return el("m:FreeBusyResponse", done, view)


def _event(owner: Mailbox, item: Item) -> Element:
    private = item.sensitivity == "Private"
    told = not private and not owner.only_free_busy
    details = el("t:CalendarEventDetails", el("t:Subject", item.subject), el("t:IsPrivate", "false")) if told else None
    start, end = (el(f"t:{name}", times.written(at)) for name, at in (("StartTime", item.start), ("EndTime", item.end)))
    return el("t:CalendarEvent", start, end, el("t:BusyType", item.free_busy), details)


def _mailbox(one: Mailbox) -> Element:
    return el("t:Mailbox", el("t:Name", one.name), el("t:EmailAddress", one.email), el("t:MailboxType", "Mailbox"))

"""What a client wants an item to be: the properties in its XML, taken over one by one."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from integrations.simulators.exchange import times
from integrations.simulators.exchange.records import Item
from integrations.simulators.exchange.soap import Fault, Refused, local, tag

Taker = Callable[[Item, Element], None]


def _text(name: str) -> Taker:
    return lambda item, given: setattr(item, name, given.text or "")


def _time(name: str) -> Taker:
    return lambda item, given: setattr(item, name, times.read(given.text or "", item.zone))


def _all_day(item: Item, given: Element) -> None:
    item.all_day = given.text == "true"


def _attendees(item: Item, given: Element) -> None:
    item.attendees = [address.text or "" for address in given.iter(tag("t:EmailAddress"))]


def _zone(item: Item, given: Element) -> None:
    item.zone = given.get("Id", item.zone)


def _extended(item: Item, given: Element) -> None:
    uri, value = given.find(tag("t:ExtendedFieldURI")), given.findtext(tag("t:Value"))
    if uri is not None:
        item.extended[uri.get("PropertyName", "")] = value or ""


TAKERS: dict[str, Taker] = {
    "StartTimeZone": _zone,
    "Subject": _text("subject"),
    "Sensitivity": _text("sensitivity"),
    "Body": _text("body"),
    "UID": _text("uid"),
    "Start": _time("start"),
    "End": _time("end"),
    "IsAllDayEvent": _all_day,
    "LegacyFreeBusyStatus": _text("free_busy"),
    "Location": _text("location"),
    "RequiredAttendees": _attendees,
    "ExtendedProperty": _extended,
}


ORDER = (
    "Subject", "Sensitivity", "Body", "Categories", "Importance", "ReminderIsSet", "ReminderMinutesBeforeStart",
    "ExtendedProperty", "Culture", "UID", "Start", "End", "IsAllDayEvent", "LegacyFreeBusyStatus", "Location",
    "IsResponseRequested", "RequiredAttendees", "OptionalAttendees", "Resources", "Recurrence", "StartTimeZone",
    "EndTimeZone", "ConferenceType", "AllowNewTimeProposal",
)  # fmt: skip
"""types.xsd: ItemType, then CalendarItemType."""


def check_order(given: Element) -> None:
    """Raises Fault: the whole request is not valid."""
    places = [ORDER.index(local(one)) if local(one) in ORDER else -1 for one in given]
    if -1 in places or places != sorted(places):
        raise Fault("ErrorSchemaValidation", "The request failed schema validation.")


def take(item: Item, given: list[Element]) -> None:
    """The zone first, since times without an offset are read in it. Raises Refused."""
    for name, taker in TAKERS.items():
        for one in given:
            if local(one) == name:
                taker(item, one)
    if item.end < item.start:
        raise Refused("ErrorCalendarEndDateIsEarlierThanStartDate", "EndDate is earlier than StartDate")
    if item.all_day:
        item.start, item.end = times.whole_days(item.start, item.end, item.zone)


def forget(item: Item, uri: Element) -> None:
    """DeleteItemField."""
    if local(uri) == "ExtendedFieldURI":
        item.extended.pop(uri.get("PropertyName", ""), None)
    blanks = {"calendar:Location": "location", "item:Body": "body", "item:Subject": "subject"}
    if name := blanks.get(uri.get("FieldURI", "")):
        setattr(item, name, "")
    if uri.get("FieldURI") == "calendar:RequiredAttendees":
        item.attendees = []

"""Calendar items as our events."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from integrations.exceptions import RequestRejected
from integrations.providers.exchange import zones
from integrations.providers.exchange.operations import REFERENCE, t
from integrations.types import Event, Response, ShowsAs

SHOWS_AS = {
    "Free": ShowsAs.FREE,
    "Tentative": ShowsAs.TENTATIVE,
    "OOF": ShowsAs.OUT_OF_OFFICE,
    "WorkingElsewhere": ShowsAs.ELSEWHERE,
}
"""Busy and whatever else there may be close times."""
RESPONSES = {
    "Accept": Response.ACCEPTED,
    "Tentative": Response.TENTATIVE,
    "Decline": Response.DECLINED,
    "NoResponseReceived": Response.NEEDS_ACTION,
}
OPEN = {"Normal", ""}
"""Sensitivities that hide nothing; Personal, Private and Confidential do."""
INSTANCES = {"Occurrence", "Exception"}
SERIES = {"RecurringMaster", *INSTANCES}
LINK = re.compile(r"https?://[^\s<>\"]+")


def event(item: Any, zone: str = "") -> Event:
    """zone: the item's, by its Windows name; it decides the days of an all-day event. Raises RequestRejected."""
    start, end = times(item)
    zone = zone or zone_of(item)
    location, response = text(item, "Location"), text(item, "MyResponseType")
    days = _days(start, end, zone) if is_all_day(item) else None
    return Event(
        external_id=item_id(item),
        start=days[0] if days else start,
        end=days[1] if days else end,
        title=text(item, "Subject"),
        series_id=text(item, "UID") if text(item, "CalendarItemType") in INSTANCES else "",
        uid=text(item, "UID"),
        etag=change_key(item),
        time_zone=str(zones.iana(zone)) if zone and (days or zones.knows(zone)) else "",
        location=location,
        description=text(item, "TextBody"),
        join_url=next(iter(LINK.findall(location)), ""),
        organizer=_organizer(item),
        is_organizer=response in ("Organizer", "Unknown", "") or text(item, "IsMeeting") == "false",
        attendees=tuple(_attendees(item)),
        is_private=text(item, "Sensitivity") not in OPEN,
        shows_as=SHOWS_AS.get(text(item, "LegacyFreeBusyStatus"), ShowsAs.BUSY),
        response=RESPONSES.get(response, Response.NONE),
        is_cancelled=text(item, "IsCancelled") == "true",
        can_write=item.findtext(f"{t('EffectiveRights')}/{t('Modify')}") != "false",
        reference=reference(item),
    )


def text(item: Any, name: str) -> str:
    return str(item.findtext(t(name)) or "")


def times(item: Any) -> tuple[datetime, datetime]:
    """Answers always carry an offset or Z. Raises ValueError."""
    start, end = (datetime.fromisoformat(text(item, name)) for name in ("Start", "End"))
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("A time without an offset.")
    return start, end


def item_id(item: Any) -> str:
    return str(item.find(t("ItemId")).get("Id"))


def change_key(item: Any) -> str:
    return str(item.find(t("ItemId")).get("ChangeKey") or "")


def is_all_day(item: Any) -> bool:
    return text(item, "IsAllDayEvent") == "true"


def zone_of(item: Any) -> str:
    """By its Windows name; empty where the answer does not say, as when finding."""
    zone = item.find(t("StartTimeZone"))
    return "" if zone is None else str(zone.get("Id") or zone.get("Name") or "")


def reference(item: Any) -> str:
    for one in item.iter(t("ExtendedProperty")):
        uri = one.find(t("ExtendedFieldURI"))
        if uri is not None and uri.get("PropertyName") == REFERENCE["PropertyName"]:
            return str(one.findtext(t("Value")) or "")
    return ""


def _days(start: datetime, end: datetime, zone: str) -> tuple[date, date]:
    """The first, and the one after the last, where the event was made."""
    if not zone:
        raise RequestRejected(_("Exchange does not say in which time zone an all-day event lies."))
    here = zones.iana(zone)
    first, last = start.astimezone(here), end.astimezone(here)
    after = last.date() if last.hour == last.minute == 0 else last.date() + timedelta(days=1)
    return first.date(), max(after, first.date() + timedelta(days=1))


def _organizer(item: Any) -> str:
    """Finding gives an internal name for some; only addresses are told."""
    address = str(item.findtext(f"{t('Organizer')}/{t('Mailbox')}/{t('EmailAddress')}") or "")
    return address if "@" in address else ""


def _attendees(item: Any) -> Iterable[str]:
    for group in ("RequiredAttendees", "OptionalAttendees"):
        for address in item.iterfind(f"{t(group)}/{t('Attendee')}/{t('Mailbox')}/{t('EmailAddress')}"):
            if "@" in (address.text or ""):
                yield str(address.text)

"""Graph's events as ours, and ours as Graph wants them.

https://learn.microsoft.com/graph/api/resources/event
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from integrations.providers.microsoft import zones
from integrations.types import Event, EventRequest, Response, ShowsAs

REFERENCE = "String {5f3a1c2e-7b54-4b0c-9c62-2f6f0b1d9a41} Name BridgeReference"
"""An extended property: by it our events are found again. Delta never shows it, but shows `transactionId`."""
OURS = "bridge:"
EXPAND = f"singleValueExtendedProperties($filter=id eq '{REFERENCE}')"
SHOWS_AS = {
    "free": ShowsAs.FREE,
    "tentative": ShowsAs.TENTATIVE,
    "oof": ShowsAs.OUT_OF_OFFICE,
    "workingElsewhere": ShowsAs.ELSEWHERE,
}
"""Busy, unknown and whatever else there may be close times."""
RESPONSES = {
    "accepted": Response.ACCEPTED,
    "tentativelyAccepted": Response.TENTATIVE,
    "declined": Response.DECLINED,
    "notResponded": Response.NEEDS_ACTION,
}
INSTANCES = ("occurrence", "exception")
LONGEST_TITLE = 255
Item = dict[str, Any]


def read(item: Item) -> Event:
    """Raises RequestRejected for times in a zone that is none."""
    start, end = (_instant(item, name) for name in ("start", "end"))
    days = (_day(item, start, "Start"), _day(item, end, "End")) if item.get("isAllDay") else None
    zone = zones.found(str(item.get("originalStartTimeZone") or ""))
    organizer = (item.get("organizer") or {}).get("emailAddress") or {}
    return Event(
        external_id=str(item["id"]),
        start=days[0] if days else start,
        end=max(days[1], days[0] + timedelta(days=1)) if days else end,
        title=str(item.get("subject") or ""),
        series_id=str(item.get("seriesMasterId") or "") if item.get("type") in INSTANCES else "",
        uid=str(item.get("iCalUId") or ""),
        etag=str(item.get("@odata.etag") or ""),
        time_zone=str(zone) if zone else "",
        location=str((item.get("location") or {}).get("displayName") or ""),
        description=_text(item),
        join_url=join_url(item),
        web_url=str(item.get("webLink") or ""),
        organizer=str(organizer.get("address") or ""),
        is_organizer=bool(item.get("isOrganizer", True)),
        attendees=tuple(_attendees(item)),
        is_private=item.get("sensitivity") != "normal",
        shows_as=SHOWS_AS.get(str(item.get("showAs")), ShowsAs.BUSY),
        response=RESPONSES.get(str((item.get("responseStatus") or {}).get("response")), Response.NONE),
        is_cancelled=bool(item.get("isCancelled")),
        can_write=bool(item.get("isOrganizer", True)),
        reference=reference(item),
    )


def join_url(item: Item) -> str:
    """Only the one that Teams gives, and only as a link."""
    found = str((item.get("onlineMeeting") or {}).get("joinUrl") or "")
    return found if found.startswith(("https://", "http://")) else ""


def reference(item: Item) -> str:
    """Ours, by the property where it is shown, and by the transaction everywhere else."""
    for known in item.get("singleValueExtendedProperties") or []:
        if str(known.get("id", "")).lower() == REFERENCE.lower():
            return str(known.get("value") or "")
    transaction = str(item.get("transactionId") or "")
    return transaction.removeprefix(OURS).partition("#")[0] if transaction.startswith(OURS) else ""


def is_master(item: Item) -> bool:
    return item.get("type") == "seriesMaster"


def written(request: EventRequest, *, body: bool = True) -> Item:
    """Without the body where it holds the block that makes it a Teams meeting."""
    zone = zones.windows(request.time_zone)
    about: Item = {"body": {"contentType": "text", "content": _clean(request.description)}} if body else {}
    return about | {
        "subject": _clean(request.title)[:LONGEST_TITLE],
        "location": {"displayName": _clean(request.location)},
        "sensitivity": "private" if request.is_private else "normal",
        "isAllDay": not isinstance(request.start, datetime),
        "start": _spelled(request.start, zone),
        "end": _spelled(request.end, zone),
    }


def created(request: EventRequest, transaction: str) -> Item:
    """What only a new event says. A second request with the same transaction makes no second event."""
    item = {**written(request), "showAs": "busy", "isReminderOn": True}
    if request.reference:
        item["transactionId"] = transaction
        item["singleValueExtendedProperties"] = [{"id": REFERENCE, "value": request.reference}]
    if request.meeting:
        item |= {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
    return item


def _instant(item: Item, name: str) -> datetime:
    """We ask for UTC; another zone is believed if we know it."""
    told = item[name]
    found = datetime.fromisoformat(str(told["dateTime"]))
    return (found if found.tzinfo else found.replace(tzinfo=zones.named(str(told["timeZone"])))).astimezone(UTC)


def _day(item: Item, at: datetime, end: str) -> date:
    """Days come as midnights; where they do not, they were turned from the event's own zone into UTC."""
    if at.hour == at.minute == 0:
        return at.date()
    return at.astimezone(zones.named(str(item.get(f"original{end}TimeZone") or ""))).date()


def _spelled(at: datetime | date, zone: str | None) -> dict[str, str]:
    """An instant needs no zone that Microsoft has no name for."""
    if not isinstance(at, datetime):
        return {"dateTime": f"{at:%Y-%m-%d}T00:00:00", "timeZone": zone or "UTC"}
    local = at.astimezone(zones.named(zone) if zone else UTC)
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}", "timeZone": zone or "UTC"}


def _attendees(item: Item) -> list[str]:
    found = [str((one.get("emailAddress") or {}).get("address") or "") for one in item.get("attendees") or []]
    return [address for address in found if "@" in address]


def _text(item: Item) -> str:
    return str((item.get("body") or {}).get("content") or "").replace("\r\n", "\n").strip()


def _clean(text: str) -> str:
    """Exchange refuses what XML cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\n\t")

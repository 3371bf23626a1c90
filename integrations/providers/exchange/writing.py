"""Our events as Exchange wants to be told of them; the elements in the order of its schema, which it insists on."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from integrations.providers.exchange import zones
from integrations.providers.exchange.operations import REFERENCE, el, written
from integrations.types import EventRequest


def item(request: EventRequest) -> Any:
    """For CreateItem."""
    uid = el("t:UID", request.uid) if request.uid else None
    marker = _marker(request) if request.reference else None
    fields = _fields(request)
    about = [fields.pop(name) for name in ("item:Subject", "item:Sensitivity", "item:Body")]
    return el("t:CalendarItem", *about, marker, uid, *fields.values())


def updates(request: EventRequest, *, of_series: bool) -> list[Any]:
    """For UpdateItem. An instance keeps the zone of its series."""
    fields = _fields(request)
    if of_series:
        fields = {name: field for name, field in fields.items() if not name.endswith("TimeZone")}
    changes = [_set(el("t:FieldURI", FieldURI=name), field) for name, field in fields.items()]
    if request.reference:
        changes.append(_set(el("t:ExtendedFieldURI", **REFERENCE), _marker(request)))
    return changes


def _fields(request: EventRequest) -> dict[str, Any]:
    """By their names, in the schema's order."""
    start, end, zone = _times(request)
    return {
        "item:Subject": el("t:Subject", request.title),
        "item:Sensitivity": el("t:Sensitivity", "Private" if request.is_private else "Normal"),
        "item:Body": el("t:Body", request.description, BodyType="Text"),
        "calendar:Start": el("t:Start", written(start)),
        "calendar:End": el("t:End", written(end)),
        "calendar:IsAllDayEvent": el("t:IsAllDayEvent", "false" if isinstance(request.start, datetime) else "true"),
        "calendar:Location": el("t:Location", request.location),
    } | ({f"calendar:{name}": el(f"t:{name}", Id=zone) for name in ("StartTimeZone", "EndTimeZone")} if zone else {})


def _times(request: EventRequest) -> tuple[datetime, datetime, str]:
    """With the zone's Windows name. An instant needs none that Windows has no name for; days do.

    Raises RequestRejected.
    """
    if isinstance(request.start, datetime) and isinstance(request.end, datetime):
        named = zones.windows(request.time_zone) if zones.has_name(request.time_zone) else ""
        return request.start, request.end, named
    zone = zones.windows(request.time_zone)
    return _midnight(request.start, request.time_zone), _midnight(request.end, request.time_zone), zone


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _marker(request: EventRequest) -> Any:
    return el("t:ExtendedProperty", el("t:ExtendedFieldURI", **REFERENCE), el("t:Value", request.reference))


def _set(uri: Any, field: Any) -> Any:
    return el("t:SetItemField", uri, el("t:CalendarItem", field))

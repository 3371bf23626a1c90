"""Instants as Graph writes and reads them."""

from datetime import UTC, date, datetime, time
from typing import Any

from integrations.simulators.microsoft.errors import bad_request, invalid_property
from integrations.simulators.microsoft.graph import zones


def written(at: datetime, zone: str = "UTC") -> dict[str, str]:
    """Seven decimals and no offset."""
    local = at.astimezone(zones.named(zone)).replace(tzinfo=None)
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond:06}0", "timeZone": zone}


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(value: Any, name: str) -> tuple[datetime, str]:
    """A dateTimeTimeZone: the instant and the name of its zone. Raises GraphError."""
    if not isinstance(value, dict) or not isinstance(value.get("dateTime"), str):
        raise invalid_property(f"The property '{name}' is required.")
    zone = value.get("timeZone") or "UTC"
    try:
        found = datetime.fromisoformat(value["dateTime"])
    except ValueError as error:
        raise invalid_property(f"The property '{name}' has an invalid value.") from error
    local = found if found.tzinfo else found.replace(tzinfo=zones.named(zone))
    zones.named(zone)
    return local.astimezone(UTC), zone


def window(query: dict[str, str]) -> tuple[datetime, datetime]:
    """Of a calendarView: with the offset that the values carry, or UTC. Raises GraphError."""
    start, end = (_instant(query, name) for name in ("startDateTime", "endDateTime"))
    if end < start:
        raise bad_request("The end of the window is before its start.", "ErrorInvalidParameter")
    return start, end


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), zones.named(zone)).astimezone(UTC)


def _instant(query: dict[str, str], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(query[name])
    except KeyError as error:
        message = f"This request requires a time window specified by the query string parameter {name}."
        raise bad_request(message, "ErrorInvalidParameter") from error
    except ValueError as error:
        raise bad_request(f"The value of {name} is not a date and time.", "ErrorInvalidParameter") from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)

"""Times as EWS writes and reads them."""

from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

from integrations.simulators.exchange.soap import Refused, tag
from integrations.simulators.exchange.zones import zone


def written(at: datetime) -> str:
    """With a Z, as servers answer."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str, windows_zone: str) -> datetime:
    """An offset is taken as it is; without one it is a wall-clock time in the zone. Raises Refused."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("ErrorSchemaValidation", "The request failed schema validation.") from None
    return (at if at.tzinfo else at.replace(tzinfo=zone(windows_zone))).astimezone(UTC)


def context(request: Element, otherwise: str = "UTC") -> str:
    """The zone that a calendar item names for itself."""
    named = request.find(tag("t:StartTimeZone"))
    return named.get("Id", otherwise) if named is not None else otherwise


def whole_days(start: datetime, end: datetime, windows_zone: str) -> tuple[datetime, datetime]:
    """Stretched to midnight in the zone where the item was made."""
    here = zone(windows_zone)
    first = start.astimezone(here).replace(hour=0, minute=0, second=0, microsecond=0)
    last = end.astimezone(here)
    midnight = last.replace(hour=0, minute=0, second=0, microsecond=0)
    after = midnight if midnight == last and last > first else midnight + timedelta(days=1)
    return first.astimezone(UTC), after.astimezone(UTC)

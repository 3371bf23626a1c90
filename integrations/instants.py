"""When an event really is: the provider's times as instants (RFC 5545, 3.3.5)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from integrations.models import Calendar
from integrations.types import Event


def of(calendar: Calendar, event: Event) -> tuple[datetime, datetime]:
    """In UTC. Floating times and whole days are those of the calendar's zone, else of the member's; what ends before
    it starts ends as it starts.
    """
    zone = ZoneInfo(calendar.time_zone or calendar.membership.user.time_zone)
    start, end = _instant(event.start, zone), _instant(event.end, zone)
    return start, max(start, end)


def _instant(moment: datetime | date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), tzinfo=zone)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)

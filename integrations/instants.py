"""When an event takes place (RFC 5545, 3.3.5), as instants: from aware times, floating ones, and whole days. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from integrations.models import Calendar
from integrations.types import Event

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Nothing lies outside; far from where arithmetic with dates ends."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Placed:
    """start, end: in UTC, to the second.  first_day, last_day: both inclusive, of an all-day event."""

    start: datetime
    end: datetime
    first_day: date | None = None
    last_day: date | None = None

    @property
    def lasts(self) -> bool:
        return self.end > self.start

    @property
    def is_all_day(self) -> bool:
        return self.first_day is not None


def of(calendar: Calendar, event: Event) -> tuple[datetime, datetime]:
    placed = place(event, zone_of(calendar))
    return placed.start, placed.end


def zone_of(calendar: Calendar) -> str:
    """In which its floating times and days are meant: its own, else that of the member."""
    return calendar.time_zone or calendar.membership.user.time_zone


def place(event: Event, time_zone: str) -> Placed:
    """time_zone: in which floating times and days are meant.

    What ends before it starts is taken as without length. A day without an end is one day (RFC 5545, 3.6.1).
    """
    zone = ZoneInfo(time_zone)
    if _is_day(event.start) and _is_day(event.end):
        return _days(event.start, max(event.end, event.start), zone)
    start = _instant(event.start, zone)
    end = max(start, _instant(event.end, zone))
    return Placed(start.replace(microsecond=0), _up(end))


def _days(first: date, end: date, zone: ZoneInfo) -> Placed:
    """`end` is exclusive."""
    start, last = _instant(first, zone), max(first, _day_before(end))
    return Placed(start, max(start, _instant(_day_after(last), zone)), first, last)


def _instant(moment: datetime | date, zone: ZoneInfo) -> datetime:
    """A reading that the clocks skip is taken as the standards do: by the offset before the change."""
    at = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    if not FIRST.year <= at.year < LAST.year:
        return FIRST if at.year < FIRST.year else LAST
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _is_day(moment: datetime | date) -> bool:
    return not isinstance(moment, datetime)


def _day_before(day: date) -> date:
    return day - ONE_DAY if day > date.min else day


def _day_after(day: date) -> date:
    return day + ONE_DAY if day < date.max else day


def _up(instant: datetime) -> datetime:
    return instant if not instant.microsecond else instant.replace(microsecond=0) + timedelta(seconds=1)

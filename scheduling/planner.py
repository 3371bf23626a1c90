"""A member's calendar: his bookings, what applications made for him, what stands in his calendars, and what he holds
beside all that, by day: a week, a month, or the days to come.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now

from accounts.delegations import Desk
from integrations import queries as connected
from integrations.models import Calendar, CalendarEvent
from scheduling import agenda, calendar_page, entries, private_events, queries
from scheduling.entries import Entry
from scheduling.models import ApplicationEvent, OutsideMeeting
from scheduling.private_events import Sight
from scheduling.reader import Reader
from scheduling.reader import of as reader_of

AGENDA = 14
"""Days."""
ONE_DAY = timedelta(days=1)


class View(Enum):
    WEEK = "week"
    MONTH = "month"
    AGENDA = "agenda"


@dataclass(frozen=True)
class Item:
    """A booking, or an event as it may be seen. start, end: instants."""

    start: datetime
    end: datetime
    entry: Entry | None = None
    event: Sight | None = None

    @property
    def is_all_day(self) -> bool:
        return self.event is not None and self.event.first_day is not None

    @property
    def title(self) -> str:
        return self.entry.booking.invitee_name if self.entry else self.event.title if self.event else ""

    @property
    def join_url(self) -> str:
        return self.entry.join_url if self.entry else self.event.join_url if self.event else ""


@dataclass(frozen=True)
class Day:
    date: date
    items: list[Item]
    is_today: bool
    is_outside: bool = False


@dataclass(frozen=True)
class Page:
    """`days` in order; of a month whole weeks, those of its neighbours are `is_outside`."""

    view: View
    day: date
    days: list[Day]
    previous: date
    next: date

    @property
    def weeks(self) -> list[list[Day]]:
        return [self.days[first : first + 7] for first in range(0, len(self.days), 7)]

    @property
    def with_items(self) -> list[Day]:
        return [day for day in self.days if day.items]


def page(desk: Desk, view: View, day: date, reader: Reader) -> Page:
    """In the same number of queries, however much stands there."""
    first, last = _span(view, day, reader)
    items = _by_day(desk, first, last, reader)
    today = reader.local(now()).date()
    dates = [first + ONE_DAY * number for number in range((last - first).days + 1)]
    days = [
        Day(one, items[one], one == today, is_outside=view == View.MONTH and one.month != day.month) for one in dates
    ]
    return Page(view, day, days, *_neighbours(view, day))


def url(event: ApplicationEvent) -> str:
    """The day on which it stands."""
    day = reader_of(event.host).local(event.start).date()
    query = urlencode({"view": View.AGENDA.value, "day": day.isoformat()})
    return f"{reverse('calendar', args=[event.organization.slug])}?{query}"


def unread(desk: Desk) -> list[Calendar]:
    """Calendars that cannot be read just now: what they show may be old."""
    return list(connected.calendars_of(desk.owner).filter(failing_since__isnull=False))


def _span(view: View, day: date, reader: Reader) -> tuple[date, date]:
    if view == View.AGENDA:
        return day, day + ONE_DAY * (AGENDA - 1)
    if view == View.WEEK:
        return _week_of(day, reader), _week_of(day, reader) + ONE_DAY * 6
    last = _week_of(calendar_page.last_of(day), reader) + ONE_DAY * 6
    return _week_of(calendar_page.first_of(day), reader), last


def _week_of(day: date, reader: Reader) -> date:
    return day - ONE_DAY * ((day.weekday() - reader.first_weekday) % 7)


def _neighbours(view: View, day: date) -> tuple[date, date]:
    if view == View.MONTH:
        return calendar_page.previous_month(day), calendar_page.next_month(day)
    step = ONE_DAY * (7 if view == View.WEEK else AGENDA)
    return day - step, day + step


def _by_day(desk: Desk, first: date, last: date, reader: Reader) -> dict[date, list[Item]]:
    """All-day ones first; what lasts over midnight stands on each of its days."""
    zone = ZoneInfo(reader.time_zone)
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + ONE_DAY))
    days: dict[date, list[Item]] = defaultdict(list)
    for item in sorted(_items(desk, start, end), key=lambda item: (not item.is_all_day, item.start, item.title)):
        for day in _days_of(item, reader):
            if first <= day <= last:
                days[day].append(item)
    return days


def _items(desk: Desk, start: datetime, end: datetime) -> list[Item]:
    found = queries.bookings(desk.owner).filter(agenda.CONFIRMED, start__lt=end, end__gt=start)
    bookings = private_events.shown(private_events.judged(found, desk))
    events = connected.events_of(desk.owner, start - ONE_DAY, end + ONE_DAY)
    made = list(queries.application_events(desk.owner).filter(start__lt=end, end__gt=start))
    own = {booking.marker for booking in found} | {event.marker for event in made}
    shown = [private_events.sight(event, desk) for event in events if not _stands_for(event, own)]
    shown += [private_events.outside(meeting, desk) for meeting in _outside(desk, start, end, events)]
    shown += [private_events.of_application(event, desk) for event in made]
    return [
        *(Item(entry.booking.start, entry.booking.end, entry=entry) for entry in entries.of(bookings)),
        *(Item(event.start, event.end, event=event) for event in shown),
    ]


def _outside(desk: Desk, start: datetime, end: datetime, events: Iterable[CalendarEvent]) -> list[OutsideMeeting]:
    """Less what an event stands for: by its link, or by the id in its text."""
    texts = "\n".join(f"{event.join_url} {event.location} {event.description}" for event in events).replace(" ", "")
    his = queries.outside_meetings(desk.owner).filter(start__lt=end, end__gt=start)
    return [meeting for meeting in his if meeting.external_id not in texts]


def _stands_for(event: CalendarEvent, own: set[str]) -> bool:
    """The booking itself is shown, or the event of an application."""
    return bool(event.reference) and event.reference in own


def _days_of(item: Item, reader: Reader) -> list[date]:
    if item.event and item.event.first_day and item.event.last_day:
        first, last = item.event.first_day, item.event.last_day
    else:
        first = reader.local(item.start).date()
        last = max(first, reader.local(item.end - timedelta(microseconds=1)).date())
    return [first + ONE_DAY * number for number in range(min((last - first).days, 62) + 1)]

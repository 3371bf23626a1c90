"""The same at Google and Microsoft: two ways, lost tokens, busy servers, and a very full calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from integrations import calendar_sync, calendars
from integrations.models import Calendar, CalendarEvent
from integrations.types import EventRequest
from outbox import intents
from outbox.models import Intent
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

OLGA, CARLA = "olga@harbour.example", "carla@contoso.example"
HOUR = timedelta(hours=1)


class AtGoogle:
    def __init__(self, simulator):
        self.simulator = simulator

    def add(self, title, start=MONDAY):
        at = {
            name: {"dateTime": at.isoformat(), "timeZone": "UTC"}
            for name, at in (("start", start), ("end", start + HOUR))
        }
        return self.simulator.make(OLGA, summary=title, **at).id

    def move(self, event):
        self.simulator.move(OLGA, event, hours=1)

    def delete(self, event):
        self.simulator.delete(OLGA, event)

    def titles(self):
        return [event.fields["summary"] for event in self.simulator.events(OLGA)]

    def forget(self):
        self.simulator.expire_sync_tokens()

    def fill(self, number):
        self.simulator.fill(OLGA, number, start=datetime.now(UTC).replace(minute=0, second=0, microsecond=0))


class AtMicrosoft:
    def __init__(self, simulator):
        self.simulator = simulator

    def add(self, title, start=MONDAY):
        return self.simulator.add_event(CARLA, start, start + HOUR, subject=title)

    def move(self, event):
        self.simulator.change_event(event, start=event.start + HOUR, end=event.end + HOUR)

    def delete(self, event):
        self.simulator.delete_event(event)

    def titles(self):
        return [event.fields["subject"] for event in self.simulator.events(CARLA)]

    def forget(self):
        self.simulator.forget_delta_tokens()

    def fill(self, number):
        start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        self.simulator.fill(CARLA, number, start, every=timedelta(minutes=45))


@pytest.fixture(params=["google", "microsoft"])
def there(request):
    """What the person does at the provider."""
    simulator = request.getfixturevalue(request.param)
    return AtGoogle(simulator) if request.param == "google" else AtMicrosoft(simulator)


@pytest.fixture
def connect(there, request, olga, after_commit):
    def connected():
        name = "connect_google" if isinstance(there, AtGoogle) else "connect_microsoft"
        with after_commit():
            request.getfixturevalue(name)(olga)
        return Calendar.objects.get(is_main=True)

    return connected


@pytest.fixture
def sync(after_commit):
    """Look at it, as if somebody had asked; the row as it is then."""

    def run(calendar):
        with after_commit():
            calendar_sync.look_now(calendar)
        calendar.refresh_from_db()
        return calendar

    return run


def titles():
    return sorted(CalendarEvent.objects.values_list("title", flat=True))


@pytest.mark.row("G-41", "G-42", "ZM-27")
def test_what_happens_there_is_known_here(there, connect, sync):
    event = there.add("Dentist")
    calendar = connect()
    assert titles() == ["Dentist"]

    there.move(event)
    sync(calendar)
    assert CalendarEvent.objects.get().start == MONDAY + HOUR

    there.delete(event)
    sync(calendar)
    assert titles() == []


@pytest.mark.row("G-41", "G-42", "ZM-27")
def test_what_is_made_here_stands_there_once_and_comes_back_once(there, connect, sync):
    calendar = connect()
    asked = EventRequest("Intro call", MONDAY, MONDAY + HOUR, "Europe/Berlin", reference="Booking BR-ABCDEF123456")
    for _try in range(2):
        calendars.create_event(calendar, asked)
    sync(calendar)

    assert (there.titles(), titles()) == (["Intro call"], ["Intro call"])
    assert CalendarEvent.objects.get().reference == asked.reference


@pytest.mark.row("G-41", "G-42")
def test_after_410_everything_is_looked_at_anew(there, connect, sync):
    gone = there.add("Gone")
    there.add("Stays")
    calendar = connect()
    there.delete(gone)
    there.add("New")
    there.forget()

    calendar = sync(calendar)

    assert titles() == ["New", "Stays"]
    assert calendar.failing_since is None


@pytest.mark.row("G-47")
def test_after_429_bridge_comes_back_when_it_was_told_to(there, connect, sync):
    calendar = connect()
    there.simulator.faults.add("rate_limit", path="*event*" if isinstance(there, AtGoogle) else "*calendarView*")
    failed = sync(calendar)

    intent = Intent.objects.get(kind=calendar_sync.KIND)
    assert failed.failing_since is not None
    assert now() < intent.due_at <= failed.next_look_at + timedelta(seconds=1)

    asked = len(there.simulator.calls)
    intents.drain()
    assert len(there.simulator.calls) == asked

    there.simulator.faults.clear()
    assert sync(calendar).failing_since is None


def test_ten_thousand_events(google, connect_google, olga, after_commit, sync):
    """In a few large pages; and what comes then costs what it is. Time and memory: docs/calendars.md."""
    there = AtGoogle(google)
    there.fill(10_000)
    with after_commit():
        connect_google(olga)
    assert CalendarEvent.objects.count() == 10_000
    assert len(google.calls) < 20

    there.add("One more")
    asked = len(google.calls)
    with CaptureQueriesContext(database) as queries:
        sync(Calendar.objects.get(is_main=True))
    assert CalendarEvent.objects.count() == 10_001
    assert len(google.calls) - asked <= 2
    assert len(queries) <= 45

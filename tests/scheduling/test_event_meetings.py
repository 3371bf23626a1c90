"""An event that a member makes in his own calendar and marks with a place gets a meeting there."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from integrations import calendars, conferencing, connections
from integrations.models import CalendarEvent, CalendarSettings
from integrations.signals import events_changed
from outbox import intents
from outbox.models import Intent
from scheduling import leftovers, marked_events
from scheduling.models import EventMeeting
from tests import factories
from tests.integrations.providers import caldav_server
from tests.scheduling.conftest import NINE

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NAMES = {"zoom": "Zoom", "elsewhere": "Other Meet"}


def settle():
    for _round in range(3):
        Intent.objects.filter(stopped=False).update(due_at=now())
        intents.drain()


@pytest.fixture
def busy(calendar):
    calendar.is_busy = True
    calendar.save()
    return calendar


@pytest.fixture
def her(person, busy):
    return caldav_server.Owner(person, busy.external_id)


@pytest.fixture
def added(her, busy, person):
    """added(title, location): she adds an event, and Bridge reads it."""

    def add(title="Review", location="Zoom", **lines):
        path = person.put(
            f"{busy.external_id}review.ics",
            f"SUMMARY:{title}",
            f"LOCATION:{location}",
            f"DTSTART:{caldav_server.utc(NINE)}",
            f"DTEND:{caldav_server.utc(NINE + HOUR)}",
        )
        return read(busy, path)

    return add


def read(calendar, external_id):
    """What the sync does with one event."""
    shown = calendars.read_event(calendar, external_id)
    CalendarEvent.objects.filter(calendar=calendar, external_id=external_id).delete()
    if shown is None:
        tell(calendar, removed={external_id})
        return None
    start, end = calendars.span(calendar, shown)
    terms = {"title": shown.title, "location": shown.location, "description": shown.description, "end": end}
    found = factories.calendar_event(calendar, start, external_id=external_id, **terms)
    tell(calendar, changed={external_id})
    return found


def tell(calendar, changed=frozenset(), removed=frozenset()):
    events_changed.send(type(calendar), calendar=calendar, changed=changed, removed=removed)
    settle()


@pytest.mark.row("ZM-42")
@pytest.mark.parametrize(("title", "location"), [("Review", "Zoom"), ("Review #zoom", "Room 4"), ("Review", " zoom ")])
def test_a_marked_event_gets_a_meeting_and_its_link(added, busy, connection, title, location):
    event = added(title, location)

    made = EventMeeting.objects.get()
    shown = calendars.read_event(busy, event.external_id)
    meeting = conferencing.read_meeting(connection, made.external_id)
    assert (meeting.start, meeting.duration) == (NINE, HOUR)
    assert made.join_url in shown.description
    assert shown.location == made.join_url
    assert shown.title == title


@pytest.mark.parametrize(("title", "location"), [("Zoom lens workshop", ""), ("Review", "Zoom Street 4"), ("", "")])
def test_an_event_that_only_mentions_a_word_gets_none(added, connection, title, location):
    added(title, location)
    assert not EventMeeting.objects.exists()


@pytest.mark.row("ZM-42")
def test_the_meeting_moves_with_the_event(added, her, busy, connection):
    event = added()
    read(busy, event.external_id)  # our own link, seen by the next look

    her.move(event.external_id, HOUR)
    read(busy, event.external_id)

    made = EventMeeting.objects.get()
    assert conferencing.read_meeting(connection, made.external_id).start == NINE + HOUR
    assert made.join_url in calendars.read_event(busy, event.external_id).description


@pytest.mark.row("ZM-42")
def test_the_meeting_goes_with_the_event(added, her, busy, connection):
    event = added()
    external_id = EventMeeting.objects.get().external_id

    her.person.delete(event.external_id)
    read(busy, event.external_id)

    assert not EventMeeting.objects.exists()
    assert conferencing.read_meeting(connection, external_id) is None


def test_the_meeting_goes_when_the_mark_goes(added, busy, person, connection):
    event = added()
    external_id = EventMeeting.objects.get().external_id
    added("Review", "Room 4")

    assert not EventMeeting.objects.exists()
    assert conferencing.read_meeting(connection, external_id) is None
    assert event.external_id


def test_a_look_that_finds_nothing_new_asks_nobody(added, busy, connection, zoom):
    event = added()
    read(busy, event.external_id)
    asked = len(zoom.calls)

    read(busy, event.external_id)

    assert len(zoom.calls) == asked


def test_an_answer_that_got_lost_makes_no_second_meeting(added, busy, connection):
    added()
    made = EventMeeting.objects.get()
    long_ago = now() - leftovers.CLEAR
    EventMeeting.objects.update(external_id="", join_url="", settled_at=None, attempted_at=long_ago)

    added()  # as it was before the link was written

    assert EventMeeting.objects.get().external_id == made.external_id
    assert len(conferencing.list_meetings(connection)) == 1


def test_without_an_account_the_event_stays_and_the_meeting_follows_later(added, busy, olga, connect_zoom):
    event = added()
    assert "not connected" in EventMeeting.objects.get().error

    connect_zoom(olga)
    settle()

    assert EventMeeting.objects.get().join_url in calendars.read_event(busy, event.external_id).description


def test_who_does_not_want_it_is_left_alone(added, olga, connection):
    CalendarSettings.objects.create(membership=olga, meetings_for_marked=False)
    added()
    assert not EventMeeting.objects.exists()


def test_disconnecting_the_calendar_leaves_the_meeting(added, busy, olga, connection):
    added()
    external_id = EventMeeting.objects.get().external_id

    connections.disconnect(busy.connection, by=olga.user)
    settle()

    assert conferencing.read_meeting(connection, external_id) is not None


@pytest.mark.parametrize(
    "fields", [{"is_organizer": False}, {"can_write": False}, {"reference": "Booking BR-1"}, {"series_id": "weekly"}]
)
def test_only_his_own_single_events_count(olga, fields):
    event = factories.calendar_event(factories.calendar(olga), NINE, location="Zoom", **fields)
    assert not marked_events.may_have_one(event)
    assert marked_events.place_of(event, NAMES) == "zoom"

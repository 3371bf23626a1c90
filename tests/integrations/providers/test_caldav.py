"""CalDAV: a member connects his server, its calendars close his times, and bookings reach it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Membership
from integrations import calendar_choices, calendar_sync, calendars, states
from integrations.models import Calendar, CalendarEvent, Connection, Grant
from integrations.simulators.server import SimulatorServer
from integrations.types import EventRequest
from tests.integrations.providers.caldav_relay import Relay
from tests.integrations.providers.caldav_server import PASSWORD, Owner, Person
from tests.integrations.test_policy_page import text_of

FORM = "/connect/caldav/password"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOMORROW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + DAY

pytestmark = pytest.mark.usefixtures("private_servers")


@dataclass
class Connected:
    """Mina's account with two calendars, read once."""

    person: Person
    work: Owner
    choir: Owner

    def calendar(self, owner: Owner) -> Calendar:
        return Calendar.objects.get(external_id=owner.calendar)


@pytest.fixture
def web(mina: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    cache.clear()
    return sign_in(mina)


@pytest.fixture
def address(relay: Relay) -> Iterator[str]:
    with SimulatorServer(relay) as server:
        yield server.url


@pytest.fixture
def typed(address: str, calendar_person: Person) -> dict[str, str]:
    return {"address": address, "username": calendar_person.name, "password": PASSWORD}


@pytest.fixture
def connected(web: Client, typed: dict[str, str], calendar_person: Person, after_commit: Any) -> Connected:
    work, choir = (Owner(calendar_person, calendar_person.calendar(name)) for name in ("a-work", "b-choir"))
    work.add("Dentist", TOMORROW, TOMORROW + HOUR)
    choir.add("Concert", TOMORROW, TOMORROW + HOUR)
    with after_commit():
        web.post(FORM, typed)
    return Connected(calendar_person, work, choir)


def titles() -> list[str]:
    return sorted(CalendarEvent.objects.values_list("title", flat=True))


def look(calendar: Calendar, after_commit: Any) -> Calendar:
    with after_commit():
        calendar_sync.look_now(calendar)
    calendar.refresh_from_db()
    return calendar


@pytest.mark.row("G-43")
def test_a_member_connects_his_server_and_its_calendars_are_read(
    web: Client, typed: dict[str, str], mina: Membership, connected: Connected
):
    connection = Connection.objects.get(membership=mina)

    assert (connection.grant.provider, connection.grant.kind) == ("caldav", "password")
    assert connection.grant.api_url == typed["address"] + connected.person.home
    assert connection.grant.email == connected.person.name
    assert PASSWORD not in str(Grant.objects.values_list())
    assert set(Calendar.objects.values_list("name", "is_main", "is_busy", "receives")) == {
        ("A-Work", True, True, True),
        ("B-Choir", False, False, False),
    }
    assert titles() == ["Dentist"]


def test_the_form_says_which_password_and_asks_for_no_version(web: Client):
    form = web.get(FORM)

    assert "Make an app password for Bridge" in text_of(form)
    assert 'name="version"' not in form.content.decode()
    assert 'name="address"' in form.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"password": "wrong"}, "app password"), ({"address": "https://mina:x@example.org/"}, "must not hold a name")],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    web: Client, typed: dict[str, str], wrong: dict[str, str], words: str
):
    answer = web.post(FORM, typed | wrong)

    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert not Grant.objects.exists()


@pytest.mark.row("G-44")
def test_every_calendar_that_is_ticked_closes_its_times(connected: Connected, after_commit: Any, mina: Membership):
    with after_commit():
        calendar_choices.choose(mina, busy=Calendar.objects.values_list("uid", flat=True), receiving=None)

    assert titles() == ["Concert", "Dentist"]
    assert set(CalendarEvent.objects.values_list("blocks", flat=True)) == {True}


@pytest.mark.row("G-45", "ZM-27")
def test_what_happens_on_one_side_is_known_on_the_other(connected: Connected, after_commit: Any):
    calendar = connected.calendar(connected.work)
    asked = EventRequest("Intro", TOMORROW + DAY, TOMORROW + DAY + HOUR, "Europe/Berlin", reference="Booking BR-1")
    made = calendars.create_event(calendar, asked)
    look(calendar, after_commit)
    [row] = CalendarEvent.objects.filter(reference="Booking BR-1")
    connected.work.move(made.external_id, HOUR)
    look(calendar, after_commit)
    moved = CalendarEvent.objects.get(pk=row.pk).start
    connected.person.delete(made.external_id)
    look(calendar, after_commit)

    assert (row.start, moved) == (TOMORROW + DAY, TOMORROW + DAY + HOUR)
    assert titles() == ["Dentist"]


def test_a_password_that_is_refused_later_ends_it_after_one_try(
    connected: Connected, relay: Relay, after_commit: Any, mina: Membership
):
    relay.next.append(("REPORT", (401, {}, b"")))
    asked = len(relay.asked)
    look(connected.calendar(connected.work), after_commit)
    look(connected.calendar(connected.work), after_commit)

    connection = Connection.objects.get(membership=mina)
    assert (connection.is_usable, len(relay.asked) - asked) == (False, 1)
    assert states.mend_url(connection) == f"{FORM}?account={connection.uid}"
    assert titles() == ["Dentist"]


def test_an_event_in_an_unknown_zone_is_named_and_what_was_known_is_kept(connected: Connected, after_commit: Any):
    connected.person.put(
        f"{connected.work.calendar}odd.ics", "SUMMARY:Odd", "DTSTART;TZID=Middle Earth:20270301T090000"
    )
    calendar = look(connected.calendar(connected.work), after_commit)

    assert "“Odd” lies in the time zone “Middle Earth”" in calendar.problem
    assert calendar.failing_since is not None
    assert titles() == ["Dentist"]

"""Which calendars an account has, from the day it is connected."""

from datetime import timedelta

import pytest

from integrations import calendar_lists, connections
from integrations.models import Calendar, CalendarEvent
from integrations.types import ListedCalendar
from outbox.models import Intent
from tests import factories, mailboxes
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings):
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    with mailboxes.running() as found:
        yield found


@pytest.fixture
def connected(mailbox, mina, after_commit):
    mailbox.simulator.add_calendar(mailboxes.WHOSE, "Family")
    mailbox.add("Dentist", MONDAY)
    with after_commit():
        return mailbox.connect(mina)


@pytest.mark.row("ZM-17", "G-44")
def test_after_connecting_its_calendars_are_there_and_the_main_one_is_read(connected, mina):
    main, family = Calendar.objects.order_by("-is_main")
    assert (main.is_main, main.is_busy, main.receives, main.is_trusted) == (True, True, True, True)
    assert (family.name, family.is_busy, family.receives, family.synced_at) == ("Family", False, False, None)
    assert [event.title for event in main.events.all()] == ["Dentist"]
    assert {main.membership, family.membership} == {mina}


def test_a_second_account_receives_nothing_by_itself(mina, mailbox, after_commit):
    first = factories.calendar(mina, receives=True)
    with after_commit():
        connection = mailbox.connect(mina)

    assert Calendar.objects.get(receives=True) == first
    assert connection.calendars.get(is_main=True).is_busy


def test_the_list_follows_the_account_and_choices_stay(connected, mailbox, mina, after_commit):
    Calendar.objects.filter(name="Family").update(is_busy=True)
    main = mailboxes.main(mina)
    Calendar.objects.filter(pk=main.pk).update(is_busy=False)
    mailbox.simulator.add_calendar(mailboxes.WHOSE, "Sports")
    folder = mailbox.simulator.calendar(mailboxes.WHOSE, "Family")
    del mailbox.simulator.mailbox(mailboxes.WHOSE).folders[folder.id]
    with after_commit():
        calendar_lists.want(connected)

    assert list(Calendar.objects.order_by("name").values_list("name", "is_busy")) == [
        (main.name, False),
        ("Sports", False),
    ]


def test_calendars_go_with_their_account(connected, mina, after_commit):
    with after_commit():
        connections.disconnect(connected, by=mina.user)

    assert not Calendar.objects.exists()
    assert not CalendarEvent.objects.exists()


def test_of_a_calendar_that_is_gone_the_events_of_bookings_keep_their_row(connected, mina, after_commit):
    calendar = factories.calendar(mina, connection=connected, name="Sports")
    booked = factories.booked_event(factories.booking(factories.scheduler(mina)), calendar=calendar)
    with after_commit():
        calendar_lists.want(connected)

    booked.refresh_from_db()
    assert booked.calendar is None


def test_nothing_is_read_where_the_organization_wants_no_calendars(mina, after_commit):
    connection = factories.calendar(mina).connection
    factories.calendar_policy(mina.organization, enabled=False)
    with after_commit():
        calendar_lists.want(connection)

    assert not Intent.objects.filter(kind=calendar_lists.KIND).exists()


def test_an_account_without_calendars_is_left_alone(mina, after_commit):
    with after_commit():
        calendar_lists.want(factories.connection(mina))

    assert not Intent.objects.filter(kind=calendar_lists.KIND).exists()


def test_an_account_that_does_not_answer_is_asked_again(connected, mailbox, after_commit):
    mailbox.simulator.faults.add("status", status=503)
    with after_commit():
        calendar_lists.want(connected)

    intent = Intent.objects.get(kind=calendar_lists.KIND)
    assert (intent.settled < intent.wanted, bool(intent.last_error)) == (True, True)
    assert Calendar.objects.count() == 2


def test_what_a_provider_calls_its_calendars_is_made_to_fit(mina):
    connection = factories.calendar(mina).connection
    odd = ListedCalendar("odd", "x\0" * 400, time_zone="Mars/Olympus", is_main=True, can_write=False)
    calendar_lists._keep(connection, mina, [odd, ListedCalendar("i" * 501, "Too long"), ListedCalendar("n", " ")])

    made = Calendar.objects.get(external_id="odd")
    assert (len(made.name), made.time_zone, made.receives) == (300, "", False)
    assert Calendar.objects.get(external_id="n").name == "Calendar"


def test_once_a_day_every_list_is_read(mina, monkeypatch):
    connection = factories.calendar(mina).connection
    for hour in range(24):
        at = MONDAY + timedelta(hours=hour)
        monkeypatch.setattr(calendar_lists, "now", lambda at=at: at)
        calendar_lists.want_some()

    assert Intent.objects.get(kind=calendar_lists.KIND, subject=connection.pk).wanted == 1

"""What the database itself refuses of calendars, contacts and what is decided about them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from integrations.models import (
    AccountConsent,
    AddressBook,
    Calendar,
    CalendarEvent,
    CalendarPolicy,
    CalendarSettings,
    EventEdit,
    Person,
)
from tests import factories

pytestmark = pytest.mark.django_db


def _refuses(write, *, name: str = "UNIQUE|duplicate key") -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


def test_a_calendar_is_there_once_for_each_member(olga):
    calendar = factories.calendar(olga)
    _refuses(lambda: factories.calendar(olga, connection=calendar.connection, external_id=calendar.external_id))


def test_one_calendar_receives(olga):
    factories.calendar(olga, receives=True)
    _refuses(lambda: factories.calendar(olga, receives=True))


def test_a_calendar_that_cannot_be_written_receives_nothing(olga):
    _refuses(lambda: factories.calendar(olga, receives=True, can_write=False), name="receiving_calendar_is_writable")


def test_an_event_is_there_once(olga):
    event = factories.calendar_event(factories.calendar(olga), factories.MONDAY)
    _refuses(lambda: factories.calendar_event(event.calendar, factories.MONDAY, external_id=event.external_id))


def test_an_event_does_not_end_before_it_starts(olga):
    event = factories.calendar_event(factories.calendar(olga), factories.MONDAY)
    before = event.start - timedelta(minutes=1)
    _refuses(lambda: CalendarEvent.objects.update(end=before), name="event_does_not_end_before_it_starts")


@pytest.mark.parametrize("last", [None, date(2027, 2, 28)])
def test_an_event_has_both_its_days_or_none(olga, last):
    factories.calendar_event(factories.calendar(olga), factories.MONDAY)
    _refuses(
        lambda: CalendarEvent.objects.update(first_day=date(2027, 3, 1), last_day=last),
        name="event_has_both_days_or_none",
    )


@pytest.mark.parametrize(("field", "name"), [("last_look", "last_look_is_known"), ("on_change", "on_change_is_known")])
def test_the_settings_know_their_choices(olga, field, name):
    _refuses(lambda: CalendarSettings.objects.create(membership=olga, **{field: "perhaps"}), name=name)


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("level", "policy_level_is_known|policy_names_its_service"),
        ("calendar", "policy_calendar_reach_is_known"),
        ("contacts", "policy_contacts_reach_is_known"),
    ],
)
def test_a_policy_knows_its_choices(olga, field, name):
    factories.calendar_policy(olga.organization)
    _refuses(lambda: CalendarPolicy.objects.update(**{field: "perhaps"}), name=name)


def test_a_policy_that_suggests_names_what(olga):
    _refuses(lambda: factories.calendar_policy(olga.organization, level="enforced"), name="policy_names_its_service")


def test_one_consent_for_an_account(olga):
    def consent():
        AccountConsent.objects.create(
            organization=olga.organization, provider="microsoft", account_id="t", consented_at=factories.MONDAY
        )

    consent()
    _refuses(consent)


def test_a_contact_is_there_once(olga):
    book = AddressBook.objects.create(connection=factories.connection(olga), membership=olga)
    Person.objects.create(address_book=book, external_id="p1")
    _refuses(lambda: Person.objects.create(address_book=book, external_id="p1"))


def test_a_calendar_goes_with_its_connection(olga):
    calendar = factories.calendar(olga)
    calendar.connection.delete()
    assert not Calendar.objects.exists()


def test_one_edit_for_an_event(olga):
    calendar = factories.calendar(olga)
    EventEdit.objects.create(calendar=calendar, event_id="e1")
    _refuses(lambda: EventEdit.objects.create(calendar=calendar, event_id="e1"))

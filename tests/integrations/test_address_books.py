"""The people of an account, read when it is connected and regularly after that."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from integrations import address_books, connections, contacts, erasures, grants, people
from integrations.exceptions import RequestRejected
from integrations.models import AddressBook, Connection, NewContact, Person, PersonAddress
from integrations.tasks import read_contacts
from integrations.types import Contact, ContactPage, ContactRequest, EndReason
from outbox import intents
from outbox.models import Intent
from tests import factories

pytestmark = pytest.mark.django_db

OLGA = "olga@harbour.example"


def settle():
    Intent.objects.filter(kind__in=["address_book", "new_contact"], stopped=False).update(due_at=now())
    intents.drain()


def look_again():
    AddressBook.objects.update(next_look_at=now())
    read_contacts()
    settle()


def names():
    return list(Person.objects.values_list("name", flat=True))


def person(name, *emails, company=""):
    fields = {"names": [{"unstructuredName": name}], "emailAddresses": [{"value": email} for email in emails]}
    return fields | ({"organizations": [{"name": company}]} if company else {})


@pytest.fixture
def connected(google, olga, connect_google, after_commit):
    google.add_contact(OLGA, person("Zoë Quay", "Zoe@Pier.example", company="Pier Ltd"))
    with after_commit():
        found = connect_google(olga)
    settle()
    return found


@pytest.fixture
def book(connected):
    return AddressBook.objects.get()


@pytest.mark.row("ZM-24")
def test_after_connecting_its_people_are_there(connected, book, olga):
    zoe = Person.objects.get(name="Zoë Quay")
    assert (zoe.emails, zoe.company, zoe.address_book) == (["Zoe@Pier.example"], "Pier Ltd", book)
    assert (book.membership, book.failing_since, bool(book.sync_token)) == (olga, None, True)
    assert list(zoe.addresses.values_list("email", flat=True)) == ["zoe@pier.example"]


@pytest.mark.row("ZM-24")
def test_people_of_a_microsoft_account_are_read_too(microsoft, olga, connect_microsoft, after_commit):
    factories.calendar_policy(olga.organization, contacts="write")
    with after_commit():
        found = connect_microsoft(olga)
    made = contacts.create(found, ContactRequest(name="Ivan Petrov", email="ivan@example.com"))
    settle()
    look_again()
    assert Person.objects.filter(name="Ivan Petrov", external_id=made.external_id).exists()


@pytest.mark.row("ZM-24", "ZM-26")
def test_where_contacts_are_not_wanted_none_are_read(google, olga, connect_google, after_commit):
    factories.calendar_policy(olga.organization, contacts="none")
    with after_commit():
        connect_google(olga)
    assert not AddressBook.objects.exists()


def test_later_looks_cost_what_changed(google, connected):
    before, asked = names(), len(google.calls)
    google.add_contact(OLGA, person("Anna Ek", "anna@example.com"))
    look_again()

    assert sorted(names()) == sorted([*before, "Anna Ek"])
    assert [call for call in google.calls[asked:] if "syncToken" in str(call)]


def test_who_is_deleted_there_goes_here(google, connected, book):
    zoe = Person.objects.get(name="Zoë Quay")
    google.world.contacts[google.person(OLGA).sub][zoe.external_id.removeprefix("people/")].deleted = True
    google.world.contacts[google.person(OLGA).sub][zoe.external_id.removeprefix("people/")].version = 10**6
    look_again()
    assert "Zoë Quay" not in names()
    assert not PersonAddress.objects.filter(email="zoe@pier.example").exists()


def test_when_the_token_is_lost_everybody_is_looked_at_again_and_nobody_is_missing_meanwhile(google, connected, book):
    Person.objects.create(address_book=book, external_id="people/gone", name="Gone", seen_at=now() - timedelta(days=1))
    before = {one.name: one.pk for one in Person.objects.exclude(name="Gone")}
    google.advance(days=8)
    look_again()

    assert {one.name: one.pk for one in Person.objects.all()} == before
    book.refresh_from_db()
    assert book.failing_since is None


def test_an_account_that_does_not_answer_keeps_its_people_and_says_since_when(google, connected, book, settings):
    before, address = names(), settings.GOOGLE_PEOPLE_URL
    settings.GOOGLE_PEOPLE_URL = "http://127.0.0.1:9"
    look_again()
    book.refresh_from_db()
    assert (names(), book.failing_since is not None, bool(book.problem)) == (before, True, True)

    settings.GOOGLE_PEOPLE_URL = address
    settle()
    book.refresh_from_db()
    assert (book.failing_since, book.problem) == (None, "")


def test_an_account_that_ended_keeps_its_people_until_it_is_erased(connected, book):
    connected.grant.refresh_from_db()
    grants.end(connected.grant, EndReason.EXPIRED)
    before = names()
    assert before
    erasures.erase(connected.grant)
    assert not Person.objects.exists()


def test_people_go_with_their_account(connected, olga, after_commit):
    with after_commit():
        connections.disconnect(connected, by=olga.user)
    assert not AddressBook.objects.exists()
    assert not Person.objects.exists()


def test_an_account_that_may_not_be_read_any_more_is_forgotten(connected):
    Connection.objects.update(permissions=["calendar_read"])
    look_again()
    assert not AddressBook.objects.exists()


def test_nobody_is_made_without_the_permission_to_write(connected):
    Connection.objects.update(permissions=["calendar_read", "contacts_read"])
    connected.refresh_from_db()
    with pytest.raises(RequestRejected):
        contacts.create(connected, ContactRequest(name="Anna", email="anna@example.com"))


# --- Bad data ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def empty(olga):
    account = factories.connection(olga, grant=factories.calendar_grant(), permissions=factories.EVERYTHING)
    return AddressBook.objects.create(connection=account, membership=olga)


def take(book, *found, removed=()):
    for part in people.parts(ContactPage(contacts=found, removed=removed)):
        people.keep(book, part, began=now())


def test_what_a_database_cannot_hold_is_left_out(empty):
    take(
        empty,
        Contact("1", "A\0nna\n\ud800Ek", ("anna@example.com\0", "no address", "x" * 300 + "@example.com")),
        Contact("2", "n" * 5000, company="c" * 5000),
        Contact("3", "", ("only@example.com",)),
        Contact("4", ""),
        Contact("5" * 400, "Too long an id"),
        Contact("6", "Twice"),
        Contact("6", "Twice, and the last counts"),
        Contact("7", "Many", tuple(f"m{number}@example.com" for number in range(1000)), ("0" * 500, "1")),
    )
    found = {one.external_id: one for one in Person.objects.all()}
    assert set(found) == {"1", "2", "3", "4", "6", "7"}
    assert (found["1"].name, found["1"].emails) == ("A nna Ek", ["anna@example.com"])
    assert (len(found["2"].name), len(found["2"].company)) == (300, 300)
    assert (found["3"].name, found["4"].name) == ("only@example.com", "")
    assert found["6"].name == "Twice, and the last counts"
    assert (len(found["7"].emails), found["7"].phones) == (people.MOST, ["1"])


def test_ten_thousand_people_take_few_queries(empty, django_assert_max_num_queries):
    crowd = tuple(Contact(str(one), f"Person {one}", (f"p{one}@example.com",)) for one in range(10_000))
    with django_assert_max_num_queries(200):
        take(empty, *crowd)
    with django_assert_max_num_queries(220):
        take(empty, *crowd, removed=tuple(str(one) for one in range(10_000, 12_000)))
    assert (Person.objects.count(), PersonAddress.objects.count()) == (10_000, 10_000)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna", ["Anna Ek"]),
        ("ANNA EK", ["Anna Ek"]),
        ("pier", ["Zoë Quay"]),
        ("zoë", ["Zoë Quay"]),
        ("@EXAMPLE.com", ["Anna Ek"]),
        ("%", []),
        ("_", []),
        ("a%k", []),
        ("\0", ["Anna Ek", "Zoë Quay"]),
        ("", ["Anna Ek", "Zoë Quay"]),
        ("\\", []),
        ("'; --", []),
    ],
)
def test_search_finds_by_name_company_and_address(empty, olga, text, found):
    take(empty, Contact("1", "Anna Ek", ("anna@example.com",)), Contact("2", "Zoë Quay", ("z@p.example",), (), "Pier"))
    assert [one.name for one in people.search(people.of(olga), text)] == found


def test_the_database_keeps_one_row_per_address_and_per_new_contact(empty):
    take(empty, Contact("1", "Anna", ("anna@example.com",)))
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonAddress.objects.create(person=Person.objects.get(), email="anna@example.com")
    NewContact.objects.create(address_book=empty, name="Ivan", email="ivan@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        NewContact.objects.create(address_book=empty, name="Ivan", email="ivan@example.com")


def test_who_was_disconnected_while_he_was_read_stays_away(empty):
    AddressBook.objects.all().delete()
    with pytest.raises(address_books.Gone):
        address_books._keep(empty, ContactPage(contacts=(Contact("1", "Anna"),)), now())
    assert not Person.objects.exists()


def test_nothing_of_contacts_stands_in_the_log(google, connected, caplog):
    caplog.set_level("DEBUG")
    google.add_contact(OLGA, person("Anna Secretive", "anna@secretive.example"))
    look_again()
    contacts_there = names()
    google.faults.clear()
    Connection.objects.update(ended_at=now())
    look_again()

    assert "Anna Secretive" in contacts_there
    assert "ecretive" not in "\n".join(record.getMessage() for record in caplog.records if "sql" not in record.msg)

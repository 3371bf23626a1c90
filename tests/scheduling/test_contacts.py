"""The Contacts page: people found, people saved who booked, links that know who follows them, people invited."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import Invitation
from integrations import new_contacts
from integrations.models import AddressBook, Connection, Grant, NewContact, Person
from outbox import intents
from outbox.models import Intent
from scheduling import acquaintances
from tests import factories
from tests.integrations.conftest import connect_google as connect_google
from tests.integrations.conftest import connect_microsoft as connect_microsoft

pytestmark = pytest.mark.django_db

LAST_WEEK = now() - timedelta(days=7)


@pytest.fixture
def address(olga):
    return f"/o/{olga.organization.slug}/contacts"


@pytest.fixture
def hers(olga, sign_in):
    return sign_in(olga)


def book_of(member, **fields):
    account = factories.connection(member, grant=factories.calendar_grant(), permissions=factories.EVERYTHING)
    return AddressBook.objects.create(connection=account, membership=member, **{"synced_at": now()} | fields)


def person(book, name, *emails, company=""):
    found = Person.objects.create(
        address_book=book,
        external_id=name,
        name=name,
        emails=list(emails),
        company=company,
        search="\n".join([name, company, *emails]).lower(),
    )
    for email in emails:
        found.addresses.create(email=email.lower())
    return found


@pytest.fixture
def book(olga):
    factories.calendar_policy(olga.organization, contacts="write")
    return book_of(olga)


def settle():
    Intent.objects.filter(stopped=False).update(due_at=now())
    intents.drain()


@pytest.mark.row("ZM-24")
def test_a_member_finds_his_contacts(hers, address, book):
    person(book, "Zoë Quay", "zoe@pier.example", company="Pier Ltd")
    person(book, "Anna Ek", "anna@example.com")

    page = hers.get(address).content.decode()
    assert "Zoë Quay" in page
    assert "Anna Ek" in page
    assert "2 people, read just now" in page
    found = hers.get(f"{address}?q=PIER").content.decode()
    assert "Zoë Quay" in found
    assert "Anna Ek" not in found
    assert "No contact has this" in hers.get(f"{address}?q=%25").content.decode()


@pytest.mark.row("ZM-24")
def test_nobody_sees_the_contacts_of_a_colleague(sign_in, mina, address, book):
    person(book, "Zoë Quay", "zoe@pier.example")
    client = sign_in(mina)
    assert "Zoë" not in client.get(f"{address}?q=zoe").content.decode()
    assert "Zoë" not in client.get(f"{address}/suggestions?q=zo").content.decode()


def test_a_long_list_comes_in_pages(hers, address, book):
    for number in range(30):
        person(book, f"Person {number:02}", f"p{number}@example.com")
    assert "Person 24" in hers.get(address).content.decode()
    assert "Person 29" in hers.get(f"{address}?page=2").content.decode()
    assert "Person 29" in hers.get(f"{address}?page=999&q=person").content.decode()


def test_who_has_connected_nothing_reads_what_to_connect(hers, address):
    page = hers.get(address).content.decode()
    assert "Connect Google or Microsoft 365" in page
    assert "/account/calendars/add" in page


@pytest.mark.row("ZM-24")
def test_where_the_organization_does_not_want_it_the_page_says_so(hers, olga, address):
    book = book_of(olga)
    person(book, "Zoë Quay", "zoe@pier.example")
    factories.calendar_policy(olga.organization, contacts="none")

    page = hers.get(f"{address}?q=zoe").content.decode()
    assert "does not let Bridge read contacts" in page
    assert "Zoë" not in page
    assert "Zoë" not in hers.get(f"{address}/suggestions?q=zo").content.decode()


def test_an_account_that_cannot_be_read_says_so(hers, address, book):
    AddressBook.objects.update(failing_since=now(), problem="Google cannot be reached.")
    assert "Google cannot be reached." in hers.get(address).content.decode()


def test_an_account_without_contacts_says_how_to_allow_them(hers, address, book):
    allowed = [scope for scope in Grant.objects.get().scopes if "contacts" not in scope]
    Grant.objects.update(scopes=allowed)
    page = hers.get(address).content.decode()
    assert "Contacts were not allowed" in page
    assert "Connect it again and tick them" in page


@pytest.mark.row("ZM-24")
def test_a_link_knows_who_follows_it(hers, client, address, book, scheduler):
    person(book, "Zoë Quay", "zoe@pier.example")
    page = hers.get(address).content.decode()
    link = re.search(r'data-copy="([^"]+)"', page)[1].replace("&amp;", "&")

    assert link.endswith("/olga-berg/intro?name=Zo%C3%AB+Quay&email=zoe%40pier.example")
    assert client.get(link.partition("//")[2].partition("/")[2].join(["/", ""])).status_code == 200


def test_the_page_asks_as_often_for_three_as_for_one(hers, olga, address, book, scheduler, django_assert_num_queries):
    def add(one):
        person(book, f"Person {one}", f"p{one}@example.com")
        factories.booking(scheduler, start=LAST_WEEK + timedelta(hours=one), invitee_email=f"new{one}@example.com")

    add(1)
    hers.get(address)
    with django_assert_num_queries(30, exact=False) as once:
        assert hers.get(address).content.decode().count("Met on") == 1
    for one in (2, 3):
        add(one)
        book_of(olga)
    with django_assert_num_queries(len(once)):
        assert hers.get(address).content.decode().count("Met on") == 3


# --- From past bookings -----------------------------------------------------------------------------------------------


def met(membership):
    return [(one.name, one.email) for one in acquaintances.of(membership)]


@pytest.mark.row("ZM-25")
def test_people_who_booked_and_are_in_no_address_book_are_offered(olga, mina, book, scheduler):
    hour = timedelta(hours=1)
    person(book, "Known", "Known@Example.com")
    for at, name, email in [
        (0, "Ivan", "Ivan@example.com"),
        (1, "Ivan Petrov", "ivan@example.com"),
        (2, "Known", "known@example.com"),
    ]:
        factories.booking(scheduler, start=LAST_WEEK + at * hour, invitee_name=name, invitee_email=email)
    factories.booking(scheduler, start=LAST_WEEK, invitee_email="cancelled@example.com", status="cancelled")
    factories.booking(scheduler, invitee_email="coming@example.com")
    factories.booking(factories.scheduler(mina), start=LAST_WEEK, invitee_email="other@example.com")

    assert met(olga) == [("Ivan Petrov", "ivan@example.com")]


@pytest.fixture
def past(scheduler):
    return factories.booking(
        scheduler, start=LAST_WEEK, invitee_name="Ivan Petrov", invitee_email="Ivan.Petrov@new.example"
    )


@pytest.mark.row("ZM-25")
def test_one_click_saves_him_at_google(hers, olga, address, google, connect_google, after_commit, past):
    factories.calendar_policy(olga.organization, contacts="write")
    with after_commit():
        connect_google(olga)
    settle()
    assert "Save to contacts" in hers.get(address).content.decode()
    hers.post(f"{address}/save", {"email": "ivan.petrov@new.example"})
    assert "Being saved" in hers.get(address).content.decode()
    settle()

    there = google.world.contacts[google.person("olga@harbour.example").sub].values()
    assert [one for one in there if "ivan.petrov@new.example" in str(one.fields).lower()]
    assert not NewContact.objects.exists()
    assert Person.objects.filter(name="Ivan Petrov").exists()
    assert met(olga) == []


@pytest.mark.row("ZM-25")
def test_one_click_saves_him_at_microsoft(hers, olga, address, microsoft, connect_microsoft, after_commit, past):
    factories.calendar_policy(olga.organization, contacts="write")
    with after_commit():
        connect_microsoft(olga)
    settle()
    hers.post(f"{address}/save", {"email": "ivan.petrov@new.example"})
    settle()

    assert Person.objects.filter(name="Ivan Petrov").exists()
    assert not NewContact.objects.exists()


@pytest.mark.row("ZM-25")
def test_after_an_answer_that_was_lost_he_is_there_once(
    hers, olga, address, microsoft, connect_microsoft, after_commit, past
):
    factories.calendar_policy(olga.organization, contacts="write")
    with after_commit():
        connect_microsoft(olga)
    settle()
    hers.post(f"{address}/save", {"email": "ivan.petrov@new.example"})
    settle()
    new = NewContact.objects.create(
        address_book=AddressBook.objects.get(), name="Ivan Petrov", email="ivan.petrov@new.example", attempted_at=now()
    )
    Person.objects.all().delete()
    AddressBook.objects.update(sync_token="")
    new_contacts.settle(new.pk)
    assert Person.objects.filter(name="Ivan Petrov").count() == 1
    assert not NewContact.objects.exists()


def test_what_was_refused_is_told_and_can_be_tried_again(
    hers, olga, address, google, connect_google, after_commit, past, settings
):
    factories.calendar_policy(olga.organization, contacts="write")
    with after_commit():
        connect_google(olga)
    settle()
    there, settings.GOOGLE_PEOPLE_URL = settings.GOOGLE_PEOPLE_URL, "http://127.0.0.1:9"
    hers.post(f"{address}/save", {"email": "ivan.petrov@new.example"})
    settle()
    page = hers.get(address).content.decode()
    assert "Not saved" in page
    assert "Try again" in page

    settings.GOOGLE_PEOPLE_URL = there
    hers.post(f"{address}/save", {"email": "ivan.petrov@new.example"})
    settle()
    assert not NewContact.objects.exists()


@pytest.mark.row("ZM-25")
def test_without_the_permission_nothing_is_offered_or_saved(hers, olga, address, past):
    factories.calendar_policy(olga.organization, contacts="read")
    book_of(olga)
    Connection.objects.update(permissions=["calendar_read", "contacts_read"])
    assert "Save to contacts" not in hers.get(address).content.decode()
    assert hers.post(f"{address}/save", {"email": "ivan.petrov@new.example"}).status_code == 404
    assert not NewContact.objects.exists()


def test_nobody_is_saved_who_has_not_booked(hers, address, book):
    assert hers.post(f"{address}/save", {"email": "stranger@example.com"}).status_code == 404
    assert hers.post(f"{address}/save", {"email": "x" * 10_000}).status_code == 404


def test_of_several_accounts_he_chooses_one(hers, olga, address, book, past):
    second = book_of(olga)
    assert "Account for Ivan Petrov" in hers.get(address).content.decode()
    hers.post(f"{address}/save", {"email": past.invitee_email, "account": str(second.connection.uid)})
    assert NewContact.objects.get().address_book == second


# --- While inviting ---------------------------------------------------------------------------------------------------


@pytest.mark.row("ZM-24")
def test_contacts_are_found_while_inviting(hers, olga, address, book):
    person(book, "Zoë Quay", "zoe@pier.example")
    person(book, "Nobody's address")
    form = hers.get(f"/o/{olga.organization.slug}/members/invite").content.decode()
    assert f'hx-get="{address}/suggestions"' in form
    found = hers.get(f"{address}/suggestions?q=zo&addresses=anna@example.com").content.decode()

    assert re.findall(r'value="([^"]+)" form="invite"( checked)?', found) == [
        ("anna@example.com", " checked"),
        ("zoe@pier.example", ""),
    ]
    assert "None of your contacts fits" in hers.get(f"{address}/suggestions?q=nobody").content.decode()
    assert hers.get(f"{address}/suggestions").content.decode().strip() == ""


def test_who_has_no_contacts_is_told_so_while_inviting(hers, olga, address):
    assert "connected no account with contacts" in hers.get(f"{address}/suggestions?q=zo").content.decode()
    factories.calendar_policy(olga.organization, contacts="none")
    assert "does not let Bridge read contacts" in hers.get(f"{address}/suggestions?q=zo").content.decode()


def test_who_is_ticked_is_invited_like_who_is_typed(hers, olga):
    answer = hers.post(
        f"/o/{olga.organization.slug}/members/invite",
        {"addresses": ["typed@example.com", "zoe@pier.example"], "role": "member"},
    )
    assert answer.status_code == 302
    assert set(Invitation.objects.values_list("email", flat=True)) == {"typed@example.com", "zoe@pier.example"}

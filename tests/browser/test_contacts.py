"""What a member sees of the people he knows, on phone and desktop, light and dark."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from accounts.models import Membership
from integrations.models import AddressBook, NewContact, Person
from scheduling.models import Scheduler
from tests import factories
from tests.browser import host
from tests.browser.conftest import Look, Visit

pytestmark = pytest.mark.browser

PEOPLE: tuple[tuple[str, str, list[str]], ...] = (
    ("Anna Ek", "Nordic Ships AB", ["anna.ek@nordic-ships.example", "anna@example.com"]),
    ("Bartholomäus von Hohenzollern-Sigmaringen", "", ["b.von.hohenzollern-sigmaringen@very-long-names.example"]),
    ("Zoë Quay", "Pier Ltd", ["zoe@pier.example"]),
    ("Plumber", "", []),
)


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(timezone_id="Europe/Berlin")


def fill(olga: Membership, scheduler: Scheduler) -> None:
    """Two accounts, one of them in trouble; two people who booked, one of whom could not be saved."""
    factories.calendar_policy(olga.organization, contacts="write")
    books = [_book(olga, synced_at=now()), _book(olga, failing_since=now(), problem="The contacts cannot be reached.")]
    for name, company, emails in PEOPLE:
        search = "\n".join([name, company, *emails]).lower()
        told = {"name": name, "company": company, "emails": emails, "search": search}
        Person.objects.create(address_book=books[0], external_id=name, **told)
    for hour, name in enumerate(["Ivan Petrov", "Leila Haddad"]):
        start, email = now() - timedelta(days=3, hours=hour), f"{name.split()[0].lower()}@example.com"
        factories.booking(scheduler, start=start, invitee_name=name, invitee_email=email)
    refused = {"error": "Google does not let Bridge add people.", "error_detail": "HTTP 403 forbidden"}
    NewContact.objects.create(address_book=books[0], name="Leila Haddad", email="leila@example.com", **refused)


def _book(olga: Membership, **fields: object) -> AddressBook:
    account = factories.connection(olga, grant=factories.calendar_grant(), permissions=factories.EVERYTHING)
    return AddressBook.objects.create(connection=account, membership=olga, **fields)


@pytest.mark.row("ZM-24", "ZM-25")
def test_what_a_member_sees_of_his_contacts(page: Page, look: Look, olga: Membership, scheduler: Scheduler) -> None:
    host.sign_in(page, olga)
    here = f"/o/{olga.organization.slug}/contacts"
    page.goto(here)
    look(page, "contacts-none")
    fill(olga, scheduler)
    page.goto(here)
    page.get_by_text("Booking link for Zoë Quay").click()
    expect(page.get_by_role("button", name="Copy link for Zoë Quay")).to_be_visible()
    look(page, "contacts")
    page.get_by_label("Contact", exact=True).fill("nobody")
    page.get_by_role("button", name="Search").click()
    look(page, "contacts-found-none")

    page.goto(f"/o/{olga.organization.slug}/members/invite")
    page.get_by_label("Name, company or e-mail").press_sequentially("zo")
    page.get_by_label("Zoë Quay").check()
    page.get_by_label("Name, company or e-mail").fill("anna")
    expect(page.get_by_label("Anna Ek")).to_be_visible()
    expect(page.get_by_label("zoe@pier.example")).to_be_checked()
    look(page, "invite-from-contacts")
    page.get_by_role("button", name="Send invitations").click()
    expect(page.get_by_text("One invitation is on its way.")).to_be_visible()

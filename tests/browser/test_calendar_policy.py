"""An admin decides about calendars and contacts: the pages as he sees them, and the way from a lock to the member who
sets up what is prescribed.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from accounts.models import Membership
from integrations.models import AccountConsent, CalendarPolicy, Connection
from integrations.simulators.exchange.app import PATH
from integrations.simulators.exchange.simulator import PASSWORD, SERVICE, ExchangeSimulator
from integrations.simulators.server import SimulatorServer
from tests import factories
from tests.browser import host
from tests.browser.conftest import Look, Settled, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def exchange(site: str, settings: Any) -> Iterator[str]:
    """The address of a simulated Exchange that has Mina's and Olga's mailboxes."""
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    simulator = ExchangeSimulator()
    for name in ("olga", "mina"):
        simulator.add_mailbox(f"{name}@example.org", f"{name}-password")
    with SimulatorServer(simulator) as server:
        yield server.url + PATH


@pytest.mark.row("ZM-2", "ZM-11", "ZM-19")
def test_from_a_lock_to_the_member_who_sets_up(
    visit: Visit, look: Look, olga: Membership, mina: Membership, exchange: str, settled: Settled
) -> None:
    differs = factories.grant(provider="caldav", kind="password", scopes=[], email="mina@dav.example")
    factories.connection(mina, grant=differs)
    factories.calendar_policy(olga.organization, consent=True)
    given = {"provider": "microsoft", "account_id": "contoso", "scopes": ["User.Read", "Calendars.Read"]}
    AccountConsent.objects.create(organization=olga.organization, consented_at=now(), **given)
    page = visit(timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    page.goto(f"/o/{olga.organization.slug}/settings/calendars")
    look(page, "calendar-policy")
    ask_what_ends(page, look)
    lock_exchange(page, look, exchange)
    let_one_account_open_all(page, look)

    member = visit(timezone_id="Europe/Berlin")
    host.sign_in(member, mina)
    member.get_by_role("link", name="Set up your calendar").first.click()
    look(member, "calendar-add")
    member.get_by_role("button", name="Use my mailbox").click()
    expect(member.get_by_text("Your mailbox is connected.")).to_be_visible()
    settled()
    assert CalendarPolicy.objects.get().is_locked
    assert not Connection.objects.filter(membership=mina).exists()


def ask_what_ends(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Switch off").click()
    expect(page.get_by_role("dialog")).to_contain_text("mina@dav.example")
    look(page, "calendar-policy-dialog")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()


def lock_exchange(page: Page, look: Look, exchange: str) -> None:
    page.get_by_role("radio", name="Exchange", exact=True).check()
    page.get_by_label("Lock: everybody").check()
    page.get_by_role("button", name="See who is affected").click()
    expect(page.get_by_text("Enter the address of your server")).to_be_visible()
    look(page, "calendar-policy-refused")
    page.locator("#id_address_exchange").fill(exchange)
    page.get_by_role("button", name="See who is affected").click()
    expect(page.get_by_role("heading", name="Lock the service for everybody?")).to_be_visible()
    expect(page.get_by_text("1 connection ends")).to_be_visible()
    look(page, "calendar-policy-confirm")
    page.get_by_role("button", name="Lock and save").click()
    expect(page.get_by_text("2 members were told by mail.")).to_be_visible()


def let_one_account_open_all(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Let one account open every member").first.click()
    page.get_by_role("checkbox").check()
    page.get_by_label("E-mail of the account").fill(SERVICE)
    page.get_by_label("Password of the account").fill(PASSWORD)
    page.get_by_label("Version of the server").select_option(label="Exchange Server 2019")
    look(page, "calendar-impersonation")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It was tried with your own mailbox, and works.")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text=SERVICE)).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Exchange Server 2019")).to_be_visible()
    look(page, "calendar-policy-locked")


@pytest.mark.row("ZM-15")
def test_a_member_connects_with_his_own_password(visit: Visit, look: Look, mina: Membership, exchange: str) -> None:
    page = visit(timezone_id="Europe/Berlin")
    host.sign_in(page, mina)
    page.goto("/account/calendars/add")
    page.get_by_role("link", name="Connect Exchange").click()
    page.get_by_label("Address of the server").fill(exchange)
    page.get_by_label("User name").fill("mina@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Nothing was connected, and nothing was kept.")).to_be_visible()
    look(page, "calendar-password-refused")
    page.get_by_label("Password").fill("mina-password")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Exchange account mina@example.org is connected.")).to_be_visible()

"""Mailboxes that an admin opens: Microsoft 365 by his consent for everybody, Exchange by one account for all."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import Membership
from integrations.models import CalendarPolicy, Connection
from integrations.simulators.exchange.app import PATH
from integrations.simulators.exchange.simulator import PASSWORD, SERVICE, ExchangeSimulator
from integrations.simulators.server import SimulatorServer
from scheduling.models import Booking
from tests import factories
from tests.browser import host, tenth
from tests.browser.conftest import Look, Settled, Visit

pytestmark = pytest.mark.browser

FELIX, MINA, INTRO = "felix@fabrikam.example", "mina@example.org", "/mina-sol/intro"


@pytest.fixture
def exchange(site: str, settings: Any, olga: Membership) -> Iterator[ExchangeSimulator]:
    """Her organization has chosen this server."""
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    simulator = ExchangeSimulator()
    for name in ("olga", "mina"):
        simulator.add_mailbox(f"{name}@example.org", f"{name}-password")
    with SimulatorServer(simulator) as server:
        factories.calendar_policy(olga.organization, service="exchange", ews_url=server.url + PATH)
        yield simulator


@pytest.mark.row("G-42")
def test_microsoft_needs_an_admin_then_closes_times_and_brings_teams(
    visit: Visit, look: Look, settled: Settled, olga: Membership, mina: Membership, microsoft
) -> None:
    factories.calendar_policy(olga.organization, consent=True)
    factories.scheduler(mina, slug="intro", place="microsoft")
    page, admin = visit("phone"), visit("desktop")
    host.sign_in(page, mina)
    page.goto("/account/calendars/add")
    page.get_by_role("link", name="Connect Microsoft 365").click()
    page.get_by_role("button", name="Felix Fabrikam").click()
    expect(page.get_by_role("heading", name="Need admin approval")).to_be_visible()
    page.goto("/account/calendars/add")
    page.get_by_text("Microsoft says “Need admin approval”?").click()
    expect(page.get_by_role("button", name="Copy message").first).to_be_visible()
    look(page, "journey-microsoft-message")

    host.sign_in(admin, olga)
    admin.goto(f"/o/{olga.organization.slug}/settings/calendars")
    admin.get_by_role("link", name="Consent for everybody").click()
    admin.get_by_role("button", name="Fatima Fabrikam").click()
    admin.get_by_role("button", name="Accept", exact=True).click()
    expect(admin.get_by_text("Consent is given for everybody")).to_be_visible()
    look(admin, "journey-microsoft-consent")

    page.get_by_role("link", name="Connect Microsoft 365").click()
    page.get_by_role("button", name="Felix Fabrikam").click()
    expect(page.get_by_text(f"Microsoft 365 account {FELIX} is connected.")).to_be_visible()
    settled()
    microsoft.add_event(FELIX, tenth.at(9), tenth.at(12))
    microsoft.notifications.run()
    page.goto("/account/calendars")
    page.get_by_role("button", name="Sync now").click()
    settled()
    guest = visit("phone", timezone_id="Europe/Berlin")
    expect(tenth.times(guest, INTRO).first).to_contain_text("12:00")
    tenth.book(guest, INTRO, "12:00")
    settled()
    meeting = next(event for event in microsoft.events(FELIX) if event.start == tenth.at(12))
    guest.reload()
    expect(guest.get_by_role("link", name="Join")).to_have_attribute("href", meeting.fields["onlineMeeting"]["joinUrl"])
    assert len(microsoft.events(FELIX)) == 2


@pytest.mark.row("ZM-16", "ZM-17", "ZM-19", "ZM-20")
def test_one_account_opens_the_mailbox_of_a_member_who_types_no_password(
    visit: Visit, look: Look, settled: Settled, olga: Membership, mina: Membership, exchange: ExchangeSimulator
) -> None:
    factories.scheduler(mina, slug="intro")
    admin, page = visit("desktop"), visit("phone")
    host.sign_in(admin, olga)
    admin.goto(f"/o/{olga.organization.slug}/settings/calendars")
    admin.get_by_role("link", name="Let one account open every member").first.click()
    admin.get_by_role("checkbox").check()
    admin.get_by_label("E-mail of the account").fill(SERVICE)
    admin.get_by_label("Password of the account").fill(PASSWORD)
    admin.get_by_label("Version of the server").select_option(label="Exchange Server 2016")
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("definition").filter(has_text=SERVICE)).to_be_visible()
    expect(admin.get_by_role("definition").filter(has_text="Exchange Server 2016")).to_be_visible()
    assert PASSWORD not in admin.content()
    admin.get_by_role("link", name="Change the impersonation account").click()
    expect(admin.get_by_label("E-mail of the account")).to_have_value(SERVICE)
    expect(admin.get_by_label("Password of the account")).to_have_value("")
    look(admin, "journey-exchange-pencil")
    assert PASSWORD not in admin.content()

    host.sign_in(page, mina)
    page.goto("/account/calendars/add")
    page.get_by_role("button", name="Use my mailbox").click()
    expect(page.get_by_text("Your mailbox is connected.")).to_be_visible()
    settled()
    exchange.add_event(MINA, "Workshop", tenth.at(9), tenth.at(12))
    page.goto("/account/calendars")
    page.get_by_role("button", name="Sync now").click()
    settled()
    guest = visit("phone", timezone_id="Europe/Berlin")
    expect(tenth.times(guest, INTRO).first).to_contain_text("12:00")
    tenth.book(guest, INTRO, "12:00")
    settled()

    assert [(item.subject, item.start) for item in exchange.events(MINA)][1:] == [
        ("Intro call: Ivan Invitee", Booking.objects.get().start)
    ]
    assert CalendarPolicy.objects.get().impersonator == Connection.objects.get()

"""Microsoft 365 as a member goes there: he consents, he is refused for want of an admin, an admin consents for all."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from integrations.models import AccountConsent, Connection
from integrations.simulators.microsoft.simulator import MicrosoftSimulator
from tests.browser import host
from tests.browser.conftest import Look, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit: Visit, olga: Membership, microsoft: MicrosoftSimulator) -> Page:
    page = visit()
    host.sign_in(page, olga)
    return page


@pytest.mark.row("ZM-10", "ZM-34")
def test_a_member_connects_and_another_needs_his_admin(page: Page, look: Look) -> None:
    page.goto("/connect/microsoft")
    expect(page.get_by_role("heading", name="Pick an account")).to_be_visible()
    look(page, "microsoft-accounts")
    page.get_by_role("button", name="Felix Fabrikam").click()
    expect(page.get_by_role("heading", name="Need admin approval")).to_be_visible()
    page.get_by_role("link", name="Pick another account").click()
    page.get_by_role("button", name="Carla Contoso").click()
    look(page, "microsoft-consent")
    page.get_by_role("button", name="Accept", exact=True).click()

    expect(page.get_by_text("carla@contoso.example").first).to_be_visible()
    look(page, "microsoft-connected")
    assert Connection.objects.get(grant__provider="microsoft").grant.email == "carla@contoso.example"


@pytest.mark.row("ZM-33")
def test_an_admin_consents_for_everybody_or_does_not(
    page: Page, olga: Membership, microsoft: MicrosoftSimulator
) -> None:
    address = f"/o/{olga.organization.slug}/settings/calendars/consent/microsoft"
    for decision in ("Cancel", "Accept"):
        page.goto(address)
        page.get_by_role("button", name="Fatima Fabrikam").click()
        page.get_by_role("button", name=decision, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert AccountConsent.objects.exists() == (decision == "Accept")

    assert AccountConsent.objects.get().account_id == microsoft.tenant("Fabrikam").id


def test_the_control_page_is_for_everybody(
    page: Page, microsoft: MicrosoftSimulator, look: Look, settings: Any
) -> None:
    page.goto(f"{settings.MICROSOFT_OAUTH_URL}/control")
    page.get_by_label("What goes wrong").select_option("Microsoft is down (503) until cleared")
    page.get_by_role("button", name="Let it happen").click()
    look(page, "microsoft-control")
    page.get_by_role("button", name="Clear all faults").click()

    expect(page.get_by_text("Everything works.")).to_be_visible()
    page.goto(settings.MICROSOFT_OAUTH_URL)
    look(page, "microsoft-calendars")
    assert microsoft.faults.all() == []

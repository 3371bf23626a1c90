"""What every page of the app has around it."""

import pytest
from playwright.sync_api import expect

from accounts.models import Membership
from tests.browser import host
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_the_current_tab_is_in_sight_on_a_phone(visit: Visit, olga: Membership) -> None:
    page = visit("phone")
    host.sign_in(page, olga)

    page.goto(f"/o/{olga.organization.slug}/bookings?show=cancelled")

    current = page.get_by_role("navigation", name="Which bookings").get_by_role("link", name="Cancelled")
    expect(current).to_be_in_viewport(ratio=0.9)


def test_the_chosen_colours_stay(visit: Visit, olga: Membership, device: str) -> None:
    page = visit(device)
    host.sign_in(page, olga)
    page.locator(".account-menu summary").click()
    page.get_by_text("Dark", exact=True).click()

    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_css("color", "rgb(233, 236, 236)")

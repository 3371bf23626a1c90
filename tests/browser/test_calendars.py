"""What a member and his delegate see of calendars, on phone and desktop, light and dark."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from tests import factories
from tests.browser import host, planned
from tests.browser.conftest import Look, Visit
from tests.browser.pages import Pages

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(timezone_id="Europe/Berlin")


@pytest.fixture
def see(look: Look, page: Page):
    def seen(found: Pages) -> None:
        for name, path in found.items():
            page.goto(path)
            look(page, name)

    return seen


@pytest.mark.row("ZM-40", "ZM-22")
def test_what_a_member_sees_of_his_calendars(page: Page, look: Look, see, olga: Membership) -> None:
    host.sign_in(page, olga)
    see({"calendars-none": "/account/calendars", "delegates-none": "/account/delegates"})
    event = planned.fill(olga)
    planned.hold_webinar(olga)
    made = planned.let_make_event(olga)
    factories.delegation(olga, factories.membership(organization_=olga.organization))
    see(planned.of_member(olga, event))
    see(planned.of_room(made))

    page.goto("/account/calendars")
    family = page.get_by_role("checkbox", name="Family and school holidays")
    family.check()
    page.get_by_role("button", name="Save").click()
    expect(family).to_be_checked()
    page.goto(f"/o/{olga.organization.slug}/calendar/{event.uid}")
    page.get_by_label("Title").fill(" ")
    page.get_by_role("button", name="Save").click()
    look(page, "calendar-event-refused")


@pytest.mark.row("ZM-36", "ZM-37")
def test_what_his_delegate_sees(page: Page, see, olga: Membership, mina: Membership, scheduler) -> None:
    planned.fill(olga)
    factories.meeting(factories.booking(scheduler, start=planned.at(2, 9), invitee_name="Ivan Petrov"))
    factories.delegation(olga, mina)
    host.sign_in(page, mina)

    see(planned.of_delegate(olga))
    page.goto(planned.of_delegate(olga)["delegate-calendar"])
    expect(page.get_by_text("Private Meeting")).to_be_visible()
    expect(page.get_by_text("Surgery")).to_have_count(0)
    expect(page.get_by_text("Dentist")).to_be_visible()

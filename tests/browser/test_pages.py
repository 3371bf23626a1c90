"""Every page as it looks: phone and desktop, light and dark, nothing for axe to complain about, nothing wider than
the screen, no error in a console. The screenshots are in screenshots/, to be looked at.
"""

import time

import pytest
from django.conf import settings as configured
from django.template.loader import render_to_string
from django.utils.timezone import now
from playwright.sync_api import Page

from accounts.models import Membership
from integrations import setup_links
from integrations.models import GrantStatus, Seat
from integrations.simulators.google import tryout as google_tryout
from outbox.models import Intent
from scheduling import demo
from scheduling.models import Meeting
from tests import factories
from tests.browser import ended, everybody, host, invitee, pages, people
from tests.browser.conftest import Look, Settled, Visit
from tests.browser.pages import Pages

pytestmark = pytest.mark.browser


@pytest.fixture
def full(olga: Membership, zoom, google, settled: Settled) -> Membership:
    """Olga's organization with the demo in it."""
    google_tryout.furnish(google)
    demo.fill(olga)
    deadline = time.monotonic() + 15
    while Intent.objects.pending().filter(kind="demo").exists() and time.monotonic() < deadline:
        time.sleep(0.1)  # it comes again where another thread was just reading its calendars
    settled()
    assert Meeting.objects.filter(place="zoom", state="ready").count() == 4
    return olga


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


def test_what_strangers_see(page: Page, see) -> None:
    see(pages.STRANGERS)


def test_the_way_in(page: Page, look: Look, settled: Settled) -> None:
    """Refused, then with a code by mail; and the same for a new password."""
    page.goto("/account/signup/")
    fill_in_sign_up(page, "1234")
    look(page, "sign-up-refused")
    fill_in_sign_up(page, "correct horse battery")
    page.get_by_label("Code").wait_for()
    look(page, "confirm-email")
    page.get_by_label("Code").fill("WRNG-CODE")
    page.get_by_role("button", name="Confirm").click()
    look(page, "confirm-email-refused")


def test_what_a_newcomer_sees(page: Page, see, olga: Membership) -> None:
    host.sign_in(page, olga)
    see(pages.of_newcomer(olga))


def test_the_account_pages(page: Page, see, full: Membership) -> None:
    host.sign_in(page, full)
    see(pages.ACCOUNT)


def test_what_a_host_sees(page: Page, see, full: Membership) -> None:
    host.sign_in(page, full)
    see(pages.of_host(full))


def test_what_people_see_of_their_organization(page: Page, look: Look, see, olga: Membership) -> None:
    member = people.gather(olga)
    see(people.INVITED)
    host.sign_in(page, olga)
    page.locator(".organization-menu summary").click()
    look(page, "organization-menu")
    page.goto(f"/o/{olga.organization.slug}/members/{member.uid}/hand-over")
    host.confirm_password(page)
    see(people.of_owner(olga, member))
    page.goto(f"/o/{olga.organization.slug}/members/invite")
    page.get_by_label("E-mail addresses").fill("nobody")
    page.get_by_role("button", name="Send invitations").click()
    look(page, "invite-refused")
    host.sign_in(page, member)
    see(people.of_member(member))


def test_an_account_for_everybody(page: Page, look: Look, see, olga: Membership) -> None:
    _link, secret = setup_links.issue(olga, "zoom")
    see(everybody.of_link(secret))
    host.sign_in(page, olga)
    page.goto(f"/o/{olga.organization.slug}/integrations/zoom")
    look(page, "organization-zoom-none")
    page.get_by_role("button", name="Connect Zoom for my organization").click()
    look(page, "setup-link-issued")
    arrival = factories.arrival(olga)
    page.goto(f"/o/{olga.organization.slug}/integrations/zoom")
    look(page, "organization-zoom-arrived")
    arrival.delete()
    shared = everybody.connect(olga)
    see(everybody.of_admin(olga))
    shared.grant.end(GrantStatus.ROLE_LOST)
    page.goto(f"/o/{olga.organization.slug}/integrations/zoom")
    look(page, "organization-zoom-broken")


def test_what_a_member_sees_of_an_account_for_everybody(page: Page, see, olga: Membership) -> None:
    shared = everybody.connect(olga)
    host.sign_in(page, Membership.objects.get(user__name="Mina Sol"))
    see(everybody.of_member(shared))
    see({"schedulers-shared": f"/o/{olga.organization.slug}/schedules?panel=open"})
    Seat.objects.filter(membership__user__name="Mina Sol").update(removed_at=now())
    see({"conferencing-shared-removed": "/account/conferencing"})
    host.sign_in(page, Membership.objects.get(user__name="Nadia Nowhere"))
    see({"conferencing-shared-not-found": "/account/conferencing"})


def test_accounts_that_stopped_working(page: Page, see, olga: Membership) -> None:
    host.sign_in(page, olga)
    see(ended.of_owner(olga))
    see(ended.of_own_app(olga))


def test_what_a_host_sees_of_changes_at_zoom(page: Page, see, full: Membership) -> None:
    host.sign_in(page, full)
    see(pages.of_changed(full))


def test_what_a_host_typed_wrongly(page: Page, look: Look, full: Membership) -> None:
    host.sign_in(page, full)
    host.go_to(page, "Schedulers")
    page.get_by_role("link", name="New scheduler").click()
    page.get_by_label("Durations").fill("7, x")
    page.get_by_label("Between two dates").check()
    page.get_by_role("button", name="Create scheduler").click()
    page.get_by_text("Nothing was saved yet.").wait_for()
    look(page, "scheduler-refused")
    host.go_to(page, "Availability")
    page.get_by_role("link", name="New hours").click()
    page.get_by_label("Monday, to").fill("08:00")
    page.get_by_role("button", name="Add a date").click()
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_text("Nothing was saved yet.").wait_for()
    look(page, "schedule-refused")
    host.go_to(page, "Schedulers")
    host.open_panel(page)
    page.get_by_label("Custom URL").fill("no")
    page.get_by_role("button", name="Save custom URL").click()
    look(page, "custom-url-refused")
    page.locator(".account-menu summary").click()
    look(page, "account-menu")


def test_what_an_invitee_sees(page: Page, look: Look, see, full: Membership) -> None:
    see(pages.of_invitee(full.user.custom_url))
    page.goto(pages.form_of("consultation"))
    invitee.fill(page, name=" ", email="ivan")
    page.get_by_role("button", name="Book", exact=True).click()
    look(page, "booking-form-refused")
    page.goto(pages.rescheduling())
    page.locator(".times__list a").last.click()
    look(page, "manage-move")


def test_the_simulated_zoom(page: Page, look: Look, see, full: Membership) -> None:
    zoom = configured.ZOOM_OAUTH_URL
    see({"zoom-meetings": zoom, "zoom-apps": f"{zoom}/user/installed", "zoom-control": f"{zoom}/control"})
    see({"zoom-join": Meeting.objects.filter(place="zoom", state="ready")[0].join_url, "zoom-404": f"{zoom}/no"})
    host.sign_in(page, full)
    for person in ("Gerda Guard", "Wendy Waits", "Fred Free"):
        page.goto("/connect/zoom")
        if person == "Gerda Guard":
            look(page, "zoom-sign-in")
        page.get_by_role("button", name=person).click()
        look(page, f"zoom-{person.split()[0].lower()}")
    page.get_by_role("button", name="Authorize").click()
    look(page, "zoom-free-refused")


def test_refusals(page: Page, look: Look, see, settings) -> None:
    page.goto("/account/login/")
    page.context.clear_cookies()
    sign_in_wrongly(page)
    look(page, "error-403")
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip", "manage": "1/m/ip"}
    for _time in range(2):
        page.goto("/account/login/")
        sign_in_wrongly(page)
    look(page, "error-429")
    page.goto("/b/forged")
    see({"manage-too-many": "/b/forged"})
    page.route("**/broken", lambda route: route.fulfill(body=render_to_string("500.html"), content_type="text/html"))
    see({"error-500": "/broken"})


def fill_in_sign_up(page: Page, password: str) -> None:
    page.get_by_label("Your name").fill("Nora Newcomer")
    page.get_by_label("Email").fill("nora@example.org")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Create account").click()


def sign_in_wrongly(page: Page) -> None:
    page.get_by_label("Email").fill("olga@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()

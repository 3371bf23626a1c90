"""What a host does in the browser. Each verb leaves him on the page it leads to."""

import re

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from accounts.models import Membership


def sign_in(page: Page, who: Membership) -> None:
    """By the cookie of a session, which is quicker than the form; leads to the schedulers."""
    client = Client()
    client.force_login(who.user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.BASE_URL}])
    page.goto("/dashboard/")


def sign_up(page: Page, name: str, email: str) -> None:
    """With e-mail and password, and the code from the mailbox."""
    page.goto("/")
    page.get_by_role("link", name="Create an account").click()
    create_account(page, name, email)
    page.wait_for_url("**/schedules")


def create_account(page: Page, name: str, email: str) -> None:
    """From the form on; leads to where it was asked for."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code").fill(_code(page))
    page.get_by_role("button", name="Confirm").click()


def confirm_password(page: Page) -> None:
    """Where Bridge asks once more who it is."""
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Confirm").click()


def go_to(page: Page, entry: str) -> None:
    """By the main menu: at the side on a desktop, at the foot on a phone."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=entry).click()


def panel(page: Page) -> Locator:
    return page.locator("details#integrations")


def open_panel(page: Page) -> Locator:
    if panel(page).get_attribute("open") is None:
        panel(page).locator("summary").click()
    return panel(page)


def account(page: Page | Locator, email: str) -> Locator:
    """The row of a connected account."""
    return page.locator(".row", has_text=email)


def connect(page: Page, person: str, link: str = "Add Zoom Account", *, consents: bool = True) -> None:
    """From a page with `link` to Zoom, sign in there as `person`, and back."""
    page.get_by_role("link", name=link, exact=True).click()
    page.get_by_role("button", name=person).click()
    if consents:
        page.get_by_role("button", name="Authorize").click()


def create_scheduler(page: Page, name: str, durations: str, place: str, *, detail: str = "") -> None:
    """Leads to its preview."""
    page.get_by_role("link", name="New scheduler").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Durations").fill(durations)
    page.get_by_label("Place", exact=True).select_option(label=place)
    if detail:
        page.get_by_label("Details of the place").fill(detail)
    page.get_by_role("button", name="Create scheduler").click()
    page.wait_for_url("**/preview")


def _code(page: Page) -> str:
    """Read in a second tab."""
    expect(page.get_by_role("heading", name="Confirm your email address")).to_be_visible()
    mailbox = page.context.new_page()
    mailbox.goto("/tryout/mails")
    mailbox.locator(".row a").first.click()
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mailbox.locator(".mail-text").inner_text(), re.MULTILINE)
    mailbox.close()
    assert found, "the mail holds a code"
    return found[0]

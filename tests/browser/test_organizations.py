"""People come into an organization, rise, switch and go, in the browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from tests.browser import host
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.mark.row("G-56", "G-68")
def test_a_newcomer_is_invited_joins_becomes_admin_switches_and_removes_another(
    visit: Visit, olga: Membership, mina: Membership
) -> None:
    owner, newcomer = visit("desktop"), visit("phone")
    host.sign_in(owner, olga)
    invite(owner, "nina@example.org")
    follow_the_mail(newcomer)
    expect(newcomer.get_by_label("Email", exact=True)).to_have_value("nina@example.org")
    newcomer.get_by_label("Your name").fill("Nina Fell")
    newcomer.get_by_label("Password").fill("correct horse battery")
    newcomer.get_by_role("button", name="Create account and join").click()
    newcomer.wait_for_url(f"**/o/{olga.organization.slug}/schedules")

    open_menu(newcomer)
    expect(newcomer.get_by_role("link", name="Settings")).to_have_count(0)
    make_admin(owner, "Nina Fell")

    newcomer.get_by_role("link", name="Your organizations").click()
    newcomer.get_by_label("Name").fill("Lighthouse")
    newcomer.get_by_role("button", name="Create organization").click()
    newcomer.get_by_text("You own Lighthouse now.").wait_for()
    open_menu(newcomer)
    newcomer.get_by_role("button", name="Switch to Harbour").click()
    newcomer.wait_for_url(f"**/o/{olga.organization.slug}/schedules")

    remove(newcomer, "Mina Sol")
    expect(newcomer.get_by_text("Mina Sol is removed, and was told by mail.")).to_be_visible()
    expect(newcomer.locator(".row", has_text="Mina Sol")).to_have_count(0)
    assert not Membership.objects.filter(pk=mina.pk).exists()


@pytest.mark.row("G-68")
def test_who_is_signed_in_as_somebody_else_signs_out_and_comes_back(
    visit: Visit, olga: Membership, mallory: Membership
) -> None:
    page = visit("phone")
    host.sign_in(page, olga)
    invite(page, "nina@example.org")
    page.context.clear_cookies()
    host.sign_in(page, mallory)

    follow_the_mail(page)
    expect(page.get_by_text("You are signed in as mallory@example.com")).to_be_visible()
    page.get_by_role("button", name="Sign out and go on").click()

    expect(page.get_by_role("button", name="Create account and join")).to_be_visible()


def invite(page: Page, email: str) -> None:
    people(page)
    page.get_by_role("link", name="Invite people").click()
    page.get_by_label("E-mail addresses").fill(email)
    page.get_by_role("button", name="Send invitations").click()
    page.get_by_text("One invitation is on its way.").wait_for()


def follow_the_mail(page: Page) -> None:
    page.goto("/tryout/mails")
    page.locator(".row a").first.click()
    found = re.search(r"\S+/invitations/\S+", page.locator(".mail-text").inner_text())
    assert found, "the mail holds a link"
    page.goto(found[0])


def people(page: Page) -> None:
    """By the menu at the side, on a phone by the one under the organization's name."""
    links = page.get_by_role("navigation", name=re.compile("organization", re.IGNORECASE))
    if not links.get_by_role("link", name="Members").is_visible():
        open_menu(page)
    links.get_by_role("link", name="Members").click()


def open_menu(page: Page) -> None:
    page.locator(".organization-menu summary").click()


def make_admin(page: Page, name: str) -> None:
    people(page)
    page.get_by_role("link", name=f"Change {name}").click()
    page.get_by_label("Admin:").check()
    page.get_by_role("button", name="Save role").click()
    page.get_by_text(f"{name} is now: Admin.").wait_for()


def remove(page: Page, name: str) -> None:
    people(page)
    page.get_by_role("link", name=f"Change {name}").click()
    page.get_by_role("link", name="Remove from the organization").click()
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()
    page.get_by_role("button", name="Remove", exact=True).click()

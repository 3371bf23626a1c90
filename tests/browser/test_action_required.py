"""An account stops working: the mail comes, its link leads to reconnecting, and then there is peace."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from accounts.models import Email, Membership
from integrations import tasks
from integrations.models import Connection, Grant
from scheduling.models import Scheduler
from tests import factories
from tests.browser import host
from tests.browser.conftest import Settled, Visit

pytestmark = pytest.mark.browser

PAULA = "paula@acme.example"


@pytest.mark.row("IN-19", "IN-21", "CB-15")
def test_from_the_mail_to_an_account_that_works_again(
    visit: Visit, olga: Membership, scheduler: Scheduler, zoom, settled: Settled
) -> None:
    factories.address(olga.user)
    page = visit("desktop", timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    host.open_panel(page)
    host.connect(page, "Paula Paid")

    zoom.uninstall(PAULA)
    Grant.objects.update(checked_at=now() - timedelta(days=2))
    tasks.look_round()
    settled()
    page.reload()
    expect(page.get_by_role("complementary", name="Needs action")).to_contain_text("access was taken back")

    elsewhere = visit("desktop", timezone_id="Europe/Berlin")
    follow_mail(elsewhere, "Action required: your Zoom account stopped working")
    sign_in(elsewhere)
    expect(elsewhere.get_by_role("heading", name="Reconnect Zoom")).to_be_visible()
    elsewhere.locator(".card").get_by_role("link", name="Reconnect and allow Bridge again").click()
    elsewhere.get_by_role("button", name="Paula Paid").click()
    elsewhere.get_by_role("button", name="Authorize").click()
    expect(elsewhere.get_by_text("Connected", exact=True)).to_be_visible()
    expect(elsewhere.get_by_text(PAULA).first).to_be_visible()

    elsewhere.get_by_role("button", name="Test now").click()
    expect(elsewhere.get_by_text("Tested: Zoom answered just now.")).to_be_visible()
    assert Connection.objects.get().is_usable
    tasks.remind()
    assert Email.objects.filter(subject__contains="ction required").count() == 1


def follow_mail(page: Page, subject: str) -> None:
    """From the mailbox to where the mail leads."""
    page.goto("/tryout/mails")
    page.get_by_role("link", name=subject).first.click()
    page.locator(".mail-text a[href*='/reconnect']").click()


def sign_in(page: Page) -> None:
    page.get_by_label("Email").fill("olga@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()

"""Whoever keeps an application adds a webhook, sees what was sent, and sends it again."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Membership
from scheduling.models import Subscription
from tests import factories
from tests.browser import host
from tests.browser.conftest import Look, Settled, Visit
from tests.scheduling.webhook_receivers import Receiver, happen
from tests.scheduling.webhook_receivers import here as here
from tests.scheduling.webhook_receivers import receiver as receiver

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(timezone_id="Europe/Berlin")


@pytest.mark.row("G-53", "G-54")
def test_a_webhook_from_nothing_to_a_message_that_is_sent_again(
    page: Page, look: Look, olga: Membership, receiver: Receiver, settled: Settled
) -> None:
    application = factories.application(olga, name="Clinic")
    factories.consent(application, olga)
    host.sign_in(page, olga)
    page.goto(f"/o/{olga.organization.slug}/applications/{application.uid}/webhooks")
    look(page, "webhooks-empty")
    page.get_by_role("link", name="Add a webhook").first.click()
    page.get_by_label("Address").fill("http://169.254.169.254/")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("leads into a private network").wait_for()
    look(page, "webhook-refused")
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_label("The link to join is known").check()
    page.get_by_label("Note").fill("Calendar of the clinic")
    page.get_by_role("button", name="Add it").click()
    secret = page.get_by_label("The secret of the webhook")
    expect(secret).to_have_text(re.compile("^whsec_"))
    look(page, "webhook-secret")
    page.get_by_role("link", name="I have copied it").click()
    look(page, "webhook-new")

    receiver.answers = [(500, [], b"Out of order"), (200, [], b"")]
    happen(olga)
    settled()
    page.reload()
    look(page, "webhook-failing")
    page.get_by_role("link", name="The link to join is known").click()
    page.get_by_text("What it answered").click()
    look(page, "webhook-delivery")
    page.get_by_role("button", name="Send again").click()
    settled()
    page.reload()
    expect(page.get_by_text("Taken on")).to_be_visible()

    page.get_by_role("link", name=Subscription.objects.get().host).click()
    page.get_by_role("button", name="Switch off").click()
    look(page, "webhook-off")
    page.get_by_role("button", name="Switch on, and send what was missed").click()
    expect(page.get_by_text("Works", exact=True)).to_be_visible()

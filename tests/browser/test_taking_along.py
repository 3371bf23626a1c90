"""What a member takes along: an API key for his script, an address for his calendar, his pages from elsewhere."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from accounts import api_keys, key_format
from accounts.models import ApiKey, Membership
from scheduling import feeds
from scheduling.models import Scheduler
from tests import factories
from tests.accounts.test_confirmations import PASSWORD
from tests.browser import host
from tests.browser.conftest import Look, Settled, Visit

pytestmark = pytest.mark.browser

PAGES = [
    {"name": "Intro call", "slug": "intro", "duration": 22, "locations": [{"kind": "zoom_conference"}], "mood": "calm"},
    {"name": "Panel with everybody", "slug": "panel", "duration": 60, "pooling_type": "collective"},
    {"name": "Office hours", "slug": "office-hours", "duration": 30, "duration_options": [15, 30], "after_buffer": 10},
]


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit(timezone_id="Europe/Berlin")


@pytest.mark.row("G-55")
def test_a_key_and_an_address_are_made_shown_and_ended(
    page: Page, look: Look, settled: Settled, olga: Membership, scheduler: Scheduler
) -> None:
    host.sign_in(page, olga)
    _make_a_key(page, look)
    expect(page.get_by_role("button", name="Revoke Nightly report")).to_be_visible()
    factories.api_key(olga, name="Forgotten", expires_at=ApiKey.objects.get().created_at)
    page.reload()
    look(page, "api-keys")
    page.get_by_role("button", name="Revoke Nightly report").click()
    expect(page.get_by_text("opens nothing any more").first).to_be_visible()
    assert not api_keys.live(olga.user).exists()

    page.goto("/account/calendars")
    page.get_by_role("link", name="Subscribe in a calendar").click()
    look(page, "feed-none")
    page.get_by_role("button", name="Make the address").click()
    feed = feeds.of(olga)
    assert feed is not None
    expect(page.get_by_text(feeds.address(feed))).to_be_visible()
    look(page, "feed")
    settled()


@pytest.mark.row("G-66")
def test_pages_from_elsewhere_are_looked_at_then_made(page: Page, look: Look, olga: Membership) -> None:
    host.sign_in(page, olga)
    page.goto(f"/o/{olga.organization.slug}/schedules")
    page.get_by_role("link", name=re.compile("Take them over")).click()
    look(page, "import")
    page.get_by_label("Or its text").fill("nothing of the kind")
    page.get_by_role("button", name="Show what would be made").click()
    look(page, "import-refused")
    sent = {"name": "event_types.json", "mimeType": "application/json", "buffer": json.dumps(PAGES).encode()}
    page.get_by_label("File (optional)").set_input_files(sent)  # type: ignore[arg-type]
    page.get_by_label("Or its text").fill("")
    page.get_by_role("button", name="Show what would be made").click()
    page.get_by_text("Not taken over").first.click()
    look(page, "import-plan")
    page.get_by_label("Office hours").uncheck()
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_text("1 scheduler was taken over").first).to_be_visible()
    look(page, "import-done")
    assert [(made.name, made.durations, made.is_on) for made in Scheduler.objects.all()] == [
        ("Intro call", [25], False)
    ]


def _make_a_key(page: Page, look: Look) -> None:
    page.goto("/account/keys")
    look(page, "api-keys-none")
    page.get_by_role("link", name="Make a key").first.click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Nightly report")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("tick at least one thing")).to_be_visible()
    look(page, "api-key-refused")
    page.get_by_label(re.compile("See your bookings")).check()
    page.get_by_role("button", name="Make the key").click()
    text = page.get_by_role("textbox", name="Your new API key").inner_text()
    assert key_format.is_whole(text)
    look(page, "api-key-made")
    page.get_by_role("link", name="I have copied it").click()

"""A member connects a CalDAV server, and sees its calendars; on phone and desktop, light and dark."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from accounts.models import Membership
from integrations.models import CalendarEvent
from tests.browser import host
from tests.browser.conftest import Look, Settled, Visit
from tests.integrations.providers import caldav_server
from tests.integrations.providers.caldav_server import PASSWORD, Owner, Person

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server() -> Iterator[caldav_server.Server]:
    with caldav_server.running() as running:
        yield running


@pytest.fixture
def person(server: caldav_server.Server, settings: Any) -> Person:
    settings.OUTWARD_PRIVATE_ADDRESSES = ["127.0.0.0/8"]
    person = server.person()
    start = datetime.combine(now().date(), datetime.min.time(), UTC) + timedelta(days=1, hours=9)
    Owner(person, person.calendar()).add("Dentist", start, start + timedelta(hours=1))
    return person


@pytest.mark.row("G-43")
def test_a_member_connects_his_server(visit: Visit, look: Look, settled: Settled, olga: Membership, person: Person):
    page = visit(timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    page.goto("/connect/caldav/password")
    page.get_by_text("Which address, which password?").click()
    look(page, "caldav-connect")

    page.get_by_label("Address").fill(person.server.url)
    page.get_by_label("Name", exact=False).first.fill(person.name)
    page.get_by_label("Password").first.fill("wrong")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("app password", exact=False).first).to_be_visible()
    look(page, "caldav-refused")

    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("is connected").first).to_be_visible()
    settled()
    page.goto("/account/calendars")
    expect(page.get_by_text("Work", exact=True).first).to_be_visible()
    look(page, "caldav-calendars")
    assert CalendarEvent.objects.get().title == "Dentist"

"""A calendar that does not answer: what the invitee reads, and what the host."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from accounts.models import Membership
from integrations.models import Calendar
from scheduling.models import Booking, Scheduler
from tests import factories
from tests.browser import host, invitee
from tests.browser.conftest import Look, Visit

pytestmark = pytest.mark.browser


@pytest.mark.row("G-47")
def test_nobody_is_promised_what_may_be_gone(visit: Visit, look: Look, olga: Membership, scheduler: Scheduler) -> None:
    calendar = factories.calendar(olga, name="Work", next_look_at=now() + timedelta(days=1))
    page = visit("phone", timezone_id="Europe/Berlin")
    page.goto(f"/{olga.user.custom_url}/{scheduler.slug}")
    invitee.next_month(page)
    invitee.pick(page)
    invitee.fill(page)

    invitee.book_in_vain(page, "The calendar of Olga Berg does not answer just now")
    expect(page.get_by_label("Your name")).to_have_value("Ivan Invitee")
    look(page, "calendar-silent")
    assert not Booking.objects.exists()

    Calendar.objects.filter(pk=calendar.pk).update(failing_since=now() - timedelta(minutes=10))
    page = visit("desktop", timezone_id="Europe/Berlin")
    host.sign_in(page, olga)
    day = (now() + timedelta(days=30)).date()
    page.goto(
        f"/o/{olga.organization.slug}/schedules/{scheduler.slug}/preview?why-day={day}&why-time=10:00&why-duration=30"
    )
    expect(page.get_by_role("status").get_by_text("so its times are closed")).to_be_visible()
    expect(page.get_by_role("link", name="See what is wrong")).to_be_visible()
    look(page, "calendar-silent-why")

"""The tenth of next month, when journeys around calendars meet: its times, and who books them."""

from datetime import datetime, time, timedelta

from django.utils.timezone import now
from playwright.sync_api import Locator, Page

from scheduling import leftovers
from scheduling.models import BookedEvent, Meeting
from tests.browser import invitee
from tests.browser.planned import BERLIN


def at(hour: int) -> datetime:
    """In Berlin."""
    today = now().astimezone(BERLIN).date()
    return datetime.combine((today.replace(day=1) + timedelta(days=32)).replace(day=10), time(hour), BERLIN)


def times(page: Page, scheduler: str) -> Locator:
    """What the public page offers on that day."""
    page.goto(scheduler)
    invitee.next_month(page)
    page.locator("a.day").filter(has_text="10").first.click()
    return page.locator(".times__list a")


def book(page: Page, scheduler: str, clock: str) -> None:
    times(page, scheduler).filter(has_text=clock).first.click()
    invitee.fill(page)
    invitee.book(page)


def a_while_passes() -> None:
    """Enough for what comes back from a provider not to be taken for Bridge's own change."""
    long_ago = now() - leftovers.CLEAR
    BookedEvent.objects.update(settled_at=long_ago)
    Meeting.objects.update(settled_at=long_ago)

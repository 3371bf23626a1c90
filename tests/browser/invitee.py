"""What an invitee does in the browser; with scripts or without."""

import re

from playwright.sync_api import Locator, Page, expect


def next_month(page: Page) -> None:
    """Where days are free whatever today is."""
    shown = page.locator("#month").inner_text()
    page.get_by_role("link", name="Next month").click()
    expect(page.locator("#month")).not_to_have_text(shown)


def pick(page: Page, *, day: int = 0, time: int = 0) -> str:
    """The nth free day of the month and the nth time of it; its clock as shown."""
    page.locator("a.day").nth(day).click()
    found = page.locator(".times__list a").nth(time)
    clock = found.inner_text()
    found.click()
    return clock


def fill(page: Page, name: str = "Ivan Invitee", email: str = "ivan@example.com") -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail").fill(email)


def book(page: Page) -> None:
    """A form that comes back within a second is taken for a robot's."""
    page.wait_for_timeout(1050)
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()


def book_in_vain(page: Page, told: str) -> None:
    page.wait_for_timeout(1050)
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_text(told)).to_be_visible()


def mail(page: Page, subject: str) -> Locator:
    """Open the newest mail to an invitee with this in its subject; its text."""
    page.goto("/tryout/mails")
    row = page.locator(".row", has_text=re.compile("to ivan@example.com")).filter(has_text=subject)
    row.first.get_by_role("link").click()
    return page.locator(".mail-text")

"""What was readable once is not asked about again; what is not readable is found nevertheless."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import axe

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>A page</title><main><h1>Words</h1>{}</main></html>"""
GREY, DARKER, PALE = "color: rgb(110, 110, 110)", "rgb(140, 140, 140)", "color: rgb(190, 190, 190)"
READABLE = f'<p style="{GREY}">on white</p>'
OVER = f'<p style="{GREY}; position: absolute; top: 10em">over something</p>'

Complaint = Callable[..., str]


@pytest.fixture
def complaint(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Complaint]:
    """complaint(body, …): of the last of these pages, by one who saw them all."""
    monkeypatch.setattr(axe, "_readable", [])
    page = browser.new_page()

    def told(*bodies: str) -> str:
        for body in bodies:
            page.set_content(PAGE.format(body))
            page.evaluate(axe.SCRIPT)
            found = axe.complaint(page, "light")
        return found

    yield told
    page.close()


def test_what_is_readable_is_no_complaint_and_is_remembered(complaint: Complaint) -> None:
    assert complaint(READABLE, READABLE) == ""
    assert any("rgb(110, 110, 110)" in look for look in axe._readable)


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(f'<p style="{PALE}">paler</p>', id="paler"),
        pytest.param(f'<p style="{GREY}; background: {DARKER}">on grey</p>', id="on grey"),
        pytest.param(f'<div style="background: {DARKER}"><p style="{GREY}">inside</p></div>', id="in something grey"),
        pytest.param(f'<p style="{GREY}; opacity: 0.5">seen through</p>', id="seen through"),
        pytest.param(
            f'<div style="background: {DARKER}; position: absolute; width: 9em; height: 9em; top: 9em"></div>{OVER}',
            id="over something grey",
        ),
    ],
)
def test_the_same_words_that_are_not_are_one(complaint: Complaint, spoilt: str) -> None:
    assert "color-contrast" in complaint(READABLE, OVER, spoilt)


def test_what_cannot_be_seen_says_nothing_of_what_can(complaint: Complaint) -> None:
    """Words for screen readers alone, then the same words for all."""
    hidden = f'<p style="{PALE}; margin-left: -9999px; width: 9em">a word</p>'
    assert complaint(hidden) == ""
    assert "color-contrast" in complaint(hidden, f'<p style="{PALE}">a word</p>')

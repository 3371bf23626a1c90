"""What axe is asked of a page, in light and in dark."""

from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TERSE = {"resultTypes": ["violations"], "preload": False, "iframes": False}
QUESTIONS: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": TERSE | {"rules": {"target-size": {"enabled": True}}},
    "dark": TERSE | {"runOnly": ["color-contrast"]},
}
"""In dark only the colours are different, so only they are asked about again.

It shall describe what it finds, not all that is well, fetch nothing, and not wait for the frame of a mail to answer,
where no script may run: that takes it half as long.
"""

SCRIPT: str = Axe().axe_script
RUN = Path(__file__).with_name("axe.js").read_text(encoding="utf-8")

_readable: list[str] = []


def complaint(page: Page, scheme: Literal["light", "dark"]) -> str:
    """Where SCRIPT was evaluated; empty if there is none."""
    answer = page.evaluate(RUN, {"questions": QUESTIONS[scheme], "readable": _readable})
    _readable[:] = answer["readable"]
    found = AxeResults(answer["results"])
    report: str = found.generate_report() if found.violations_count else ""
    return report

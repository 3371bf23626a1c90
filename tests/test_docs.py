"""The documents agree with each other and with the code."""

import re
from pathlib import Path

import pytest

from integrations.providers.zoom.provider import Zoom
from integrations.types import AppKind

ROOT = Path(__file__).parent.parent
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_decisions_are_numbered_without_gaps():
    assert [file.name[:4] for file in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.name)
def test_a_decision_says_its_number_and_its_three_parts(file):
    text = file.read_text()

    assert text.startswith(f"# {int(file.name[:4])}. ")
    assert [part for part in ("**Context.**", "**Decision.**", "**Consequences.**") if part not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_scopes_to_tick_are_those_the_code_asks_for():
    ticked = re.findall(r"^ *\| `([a-z_:]+)` \|", (ROOT / "docs/providers/zoom.md").read_text(), re.MULTILINE)

    kinds = (AppKind.PERSONAL, AppKind.ORGANIZATION)
    assert ticked == [scope.name for kind in kinds for scope in Zoom().scopes(kind)]

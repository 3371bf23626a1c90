"""A pytest plugin: lists the rows of the requirements with their tests, then the rows without. python3 run.py rows."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

# The list of what is owed lies beside the project, not in it; without it only the marked rows are known.
REQUIREMENTS = Path(__file__).resolve().parent.parent.parent / "shared" / "REQUIREMENTS.md"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rows", action="store_true", help="list the rows of the requirements with their tests")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("rows"):
        config.option.collectonly = True
        config.option.verbose = -2


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before a pass leaves out what belongs to another."""
    if config.getoption("rows"):
        print("\n".join(report(tests_by_row(items), owed())))
        items.clear()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("rows") and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def tests_by_row(items: Iterable[pytest.Item]) -> dict[str, list[str]]:
    tests: dict[str, list[str]] = defaultdict(list)
    for item in items:
        name = item.nodeid.split("[")[0]
        for row in [row for mark in item.iter_markers("row") for row in mark.args]:
            if name not in tests[row]:
                tests[row].append(name)
    return tests


def owed() -> list[str]:
    text = REQUIREMENTS.read_text(encoding="utf-8") if REQUIREMENTS.exists() else ""
    return re.findall(r"^\| ([A-Z]+-\d+) \|", text, re.MULTILINE)


def report(tests: dict[str, list[str]], rows: list[str]) -> list[str]:
    lines = [f"{row:<7} {name}" for row in sorted(tests, key=_order) for name in tests[row]]
    without = [row for row in rows if row not in tests]
    unknown = [row for row in tests if rows and row not in rows]
    lines.append(f"\n{len(tests)} rows have tests; {len(without)} have none: {', '.join(without) or '-'}")
    return [*lines, f"Unknown rows: {', '.join(unknown)}"] if unknown else lines


def _order(row: str) -> tuple[str, int]:
    family, _, number = row.partition("-")
    return family, int(number or 0)

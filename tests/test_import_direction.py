"""The cellar and the three floors: imports go down only."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = ["outbox", "accounts", "integrations", "scheduling"]
FILES = [file for floor in [*FLOORS, "bridge"] for file in sorted((ROOT / floor).rglob("*.py"))]
FRONT_DOORS = {
    "event_edits",
    "contact_panels",
    "new_contacts",
    "people",
    "busy",
    "calendars",
    "contacts",
    "conferencing",
    "connections",
    "defaults",
    "models",
    "outward",
    "panels",
    "queries",
    "types",
    "exceptions",
    "live_looks",
    "signals",
    "registry",
    "rehearsal",
    "retries",
    "seats",
}
"""What scheduling may know of integrations."""


SETTINGS_OF_PROVIDERS = {
    "integrations/registry.py",
    "bridge/settings.py",
    "bridge/urls.py",
    "bridge/views.py",
    "bridge/simulated.py",
}
"""And the doctor, the bench, commands and migrations: where a provider's settings or folder may be named."""
SEES_ALL = re.compile(r"bridge/(doctor|bench|management)|.*/(migrations|simulators|providers)/")


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _floor(name: str) -> str:
    return name.split(".")[0]


def _found(files: list[Path], is_wrong: Callable[[str, str], bool]) -> list[tuple[str, str]]:
    """Which file imports what, where is_wrong(path, imported name)."""
    named = [(str(file.relative_to(ROOT)), name) for file in files for name in _imports(file)]
    return [(path, name) for path, name in named if is_wrong(path, name)]


def test_a_module_imports_only_from_its_own_floor_and_below():
    def is_above(path: str, name: str) -> bool:
        floor, own = _floor(name), FLOORS.index(path.split("/")[0])
        return floor in {"bridge", "tests", *FLOORS[own + 1 :]}

    assert _found([file for file in FILES if file.relative_to(ROOT).parts[0] != "bridge"], is_above) == []


def test_a_simulator_imports_nothing_of_ours():
    def is_ours(path: str, name: str) -> bool:
        return _floor(name) in {*FLOORS, "bridge", "django"} and not name.startswith("integrations.simulators")

    assert _found([file for file in FILES if "simulators" in file.parts], is_ours) == []


def test_scheduling_uses_the_front_doors_of_integrations():
    def is_behind(path: str, name: str) -> bool:
        return name.startswith("integrations.") and name.split(".")[1] not in FRONT_DOORS

    assert _found([file for file in FILES if "scheduling" in file.parts], is_behind) == []


def test_no_providers_name_stands_outside_its_folder():
    for file in FILES:
        path = str(file.relative_to(ROOT))
        if path not in SETTINGS_OF_PROVIDERS and not SEES_ALL.match(path):
            code = ast.dump(_tree(file))
            assert "ZOOM_" not in code or "checks" in path, path
            assert "providers.zoom" not in code, path

"""The cellar and the three floors: imports go down only."""

import ast
from pathlib import Path

import pytest

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


def _imports(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {
        f"{node.module}.{alias.name}" for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return plain | named


def _floor(name: str) -> str:
    return name.split(".")[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_imports_only_from_its_own_floor_and_below(file):
    own = file.relative_to(ROOT).parts[0]
    if own == "bridge":
        return
    allowed = {*FLOORS[: FLOORS.index(own) + 1]}
    ours = {name for name in _imports(file) if _floor(name) in {*FLOORS, "bridge", "tests"}}

    assert {name for name in ours if _floor(name) not in allowed} == set()


@pytest.mark.parametrize("file", [f for f in FILES if "simulators" in f.parts], ids=lambda file: file.name)
def test_a_simulator_imports_nothing_of_ours(file):
    foreign = {
        name
        for name in _imports(file)
        if _floor(name) in {*FLOORS, "bridge", "django"} and not name.startswith("integrations.simulators")
    }
    assert foreign == set()


@pytest.mark.parametrize("file", [f for f in FILES if "scheduling" in f.parts], ids=lambda file: file.name)
def test_scheduling_uses_the_front_doors_of_integrations(file):
    doors = {name.split(".")[1] for name in _imports(file) if name.startswith("integrations.")}
    assert doors - FRONT_DOORS == set()


@pytest.mark.parametrize(
    "file", [f for f in FILES if "simulators" not in f.parts and "providers" not in f.parts], ids=lambda file: file.name
)
def test_no_providers_name_stands_outside_its_folder(file):
    where = str(file.relative_to(ROOT))
    allowed = {
        "integrations/registry.py",
        "bridge/settings.py",
        "bridge/urls.py",
        "bridge/views.py",
        "bridge/simulated.py",
    }
    if (
        where not in allowed
        and not where.startswith(("bridge/doctor", "bridge/bench", "bridge/management"))
        and "/migrations/" not in where
    ):
        code = ast.dump(ast.parse(file.read_text()))
        assert "ZOOM_" not in code or "checks" in where
        assert "providers.zoom" not in code

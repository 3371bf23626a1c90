"""A pytest plugin: what is heavy runs in lanes, one test after the other, beside the rest.

What xdist has for this (--dist loadgroup) writes into the ids of tests, which pytest 9.2 does not let it.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

LANES = ("tests/browser/", "tests/faults/", "tests/scheduling/api/test_schemathesis.py", "tests/test_run.py")
"""Of each file here one: its tests mostly wait, for a page or for a process of their own."""


class Lanes(LoadScopeScheduling):  # type: ignore[misc]
    """The longest lane is begun first; each other test is a lane of its own, for whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if nodeid.startswith(LANES) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    return Lanes(config, log)

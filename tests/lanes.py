"""A pytest plugin: browsers, kills and races want the machine for themselves, so one worker runs them all in turn.

What xdist has for this (--dist loadgroup) writes into the ids of tests, which pytest 9.2 does not let it.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

HEAVY = ("tests/browser/", "tests/faults/")


class Lanes(LoadScopeScheduling):  # type: ignore[misc]
    """Everything heavy in one lane, begun first; each other test is a lane of its own."""

    def _split_scope(self, nodeid: str) -> str:
        return "heavy" if nodeid.startswith(HEAVY) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    return Lanes(config, log)

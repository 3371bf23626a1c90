"""A pytest plugin: browsers, kills and races want the machine for themselves, so they run one after the other."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("faults") or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("heavy"))

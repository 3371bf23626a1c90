"""Calls of a thread do not ask the kernel for memory time and again (decision 0038)."""

import resource
from threading import Thread

TIMES = 100


def test_no_depth_of_calls_costs_pages_of_memory() -> None:
    costs: list[int] = []
    thread = Thread(target=lambda: costs.extend(cost(depth) for depth in range(400)))
    thread.start()
    thread.join()
    assert max(costs) < TIMES


def cost(depth: int) -> int:
    """How often memory had to be found for as many calls, each from this depth."""
    before = faults()
    loop(depth)
    return faults() - before


def loop(depth: int) -> None:
    if depth:
        loop(depth - 1)
    else:
        for _time in range(TIMES):
            callee()


def callee() -> None:
    pass


def faults() -> int:
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt

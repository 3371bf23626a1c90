import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """Measured several times: the median says what to expect, the range how far to trust it."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.values)

    def show(self, *, digits: int = 1, scale: float = 1) -> str:
        middle, low, high = (value * scale for value in (self.median, min(self.values), max(self.values)))
        return f"{middle:9.{digits}f} [{low:.{digits}f} - {high:.{digits}f}]"


def seconds(work: Callable[[], object], *, times: int = 15) -> Spread:
    """The seconds that `work` takes; the first time only warms up."""
    work()
    return Spread([_once(work) for _ in range(times)])


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

"""Quota: a sliding minute for each person, one for each project; a whole person may be out of quota for hours."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.simulators.clock import Clock

WINDOW = timedelta(minutes=1)


@dataclass
class Limits:
    clock: Clock
    per_person: int = 600
    per_project: int = 10_000
    exhausted: set[str] = field(default_factory=set)
    """Emails of those whose writes are refused."""
    used: dict[tuple[str, str], deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    def exceeded(self, project: str, sub: str, units: int) -> bool:
        """Counts the call too."""
        mine, all_of_us = self._count((project, sub), units), self._count((project, ""), units)
        return mine > self.per_person or all_of_us > self.per_project

    def _count(self, key: tuple[str, str], units: int) -> int:
        now, used = self.clock.now(), self.used[key]
        while used and used[0] <= now - WINDOW:
            used.popleft()
        used.extend([now] * units)
        return len(used)

"""Rate limits: per second and per day for the account, per day for each host.

They belong to the Zoom account: all its users and all its apps draw on them.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from integrations.simulators.clock import Clock
from integrations.simulators.zoom.errors import TooMany
from integrations.simulators.zoom.records import Account, User

PER_SECOND = {
    "Light": {"free": 4, "pro": 30, "business": 80},
    "Medium": {"free": 2, "pro": 20, "business": 60},
    "Heavy": {"free": 1, "pro": 10, "business": 40},
}
PER_DAY = {
    "Light": {"free": 6000},
    "Medium": {"free": 2000},
    "Heavy": {"free": 1000, "pro": 30_000, "business": 60_000},
}
SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."
DAY = (
    "You have reached the maximum daily rate limit for this API. Refer to the response header for details on when "
    "you can make another request."
)
HOST = (
    "You have exceeded the daily rate limit ({most}) of Meeting Create/Update API requests permitted for this "
    "particular user. You may resume these requests at GMT 00:00:00."
)
SPELLINGS = (str, str.lower, str.title)


@dataclass
class Limits:
    clock: Clock
    enforced: bool = True
    per_host: int = 100
    """Create and update calls for one host on a UTC day."""
    seconds: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    days: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    hosts: Counter[tuple[str, str]] = field(default_factory=Counter)
    spelling: "count[int]" = field(default_factory=count)

    def count(self, account: Account, category: str) -> None:
        """Raises TooMany."""
        now = self.clock.now()
        second, day = (account.id, category, int(now.timestamp())), (account.id, category, f"{now:%F}")
        self.seconds[second] += 1
        self.days[day] += 1
        if self.enforced and self.days[day] > daily(account, category):
            raise too_many("day", now)
        if self.enforced and self.seconds[second] > PER_SECOND[category][account.plan]:
            raise too_many("second", now)

    def count_for_host(self, host: User) -> None:
        """Raises TooMany."""
        day = (host.id, f"{self.clock.now():%F}")
        self.hosts[day] += 1
        if self.enforced and self.hosts[day] > self.per_host:
            raise TooMany(HOST.format(most=self.per_host))

    def use_up(self, account: Account, category: str, calls: int) -> None:
        """Other software of the same Zoom account calls too: now, and so today."""
        now = self.clock.now()
        self.seconds[account.id, category, int(now.timestamp())] += calls
        self.days[account.id, category, f"{now:%F}"] += calls

    def headers(self, account: Account | None, category: str) -> list[tuple[str, str]]:
        """Spelled differently from answer to answer."""
        known = account or Account("", "", plan="free")
        most = daily(known, category)
        used = self.days[known.id, category, f"{self.clock.now():%F}"]
        values = {"Category": category, "Limit": str(most), "Remaining": str(max(0, most - used))}
        spell = SPELLINGS[next(self.spelling) % len(SPELLINGS)]
        return [(spell(f"X-RateLimit-{name}"), value) for name, value in values.items()]


def daily(account: Account, category: str) -> int:
    """Where Zoom publishes no figure, one that nobody reaches."""
    return PER_DAY[category].get(account.plan, 10_000_000)


def too_many(kind: str, now: datetime) -> TooMany:
    """kind: second, day or user."""
    if kind == "user":
        return TooMany(HOST.format(most=100))
    if kind == "day":
        return TooMany(DAY, "Daily-limit", _midnight(now))
    return TooMany(SECOND, "QPS")


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)

"""An address that an app named for its webhooks, and what is on the way there."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

RETRIES = (timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60))
VALID_FOR = timedelta(hours=72)
PATIENCE = timedelta(minutes=1)


@dataclass(eq=False)
class Subscription:
    client_id: str
    url: str
    events: tuple[str, ...] = ()
    """Empty: all."""
    active: bool = False
    validate_at: datetime | None = None
    persistent: bool = False
    """Asked again soon when it did not prove itself; otherwise after 72 hours, like all."""
    failures: int = 0
    """In a row."""
    answered: int | None = None
    """The status at the last validation; 0: no answer in time."""

    def asked(self, at: datetime, status: int, *, proved: bool) -> None:
        self.answered = status
        self.active, self.failures = proved, 0 if proved else self.failures + 1
        soon = min(PATIENCE, timedelta(seconds=2 ** min(self.failures, 6)))
        self.validate_at = at + (soon if self.persistent and not proved else VALID_FOR)


@dataclass(eq=False)
class Delivery:
    subscription: Subscription
    event: str
    body: bytes
    due_at: datetime
    timestamp: int
    statuses: list[int] = field(default_factory=list)
    """Of each attempt; 0: no answer in time."""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def delivered(self) -> bool:
        return any(200 <= status < 300 for status in self.statuses)

    @property
    def lost(self) -> bool:
        return not self.delivered and len(self.statuses) > len(RETRIES)

    @property
    def waiting(self) -> bool:
        return not self.delivered and not self.lost

"""The memory of one simulated Google. Whoever reads or writes it holds `lock`; it lives and dies with its process."""

import random
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from integrations.simulators.clock import Clock
from integrations.simulators.faults import Faults
from integrations.simulators.google.limits import Limits
from integrations.simulators.google.push import Postbox
from integrations.simulators.google.records import (
    AccessToken,
    App,
    Calendar,
    Call,
    Code,
    Contact,
    Entry,
    Grant,
    Page,
    Person,
    Project,
    RefreshToken,
    SyncToken,
)

DIGITS = "0123456789abcdefghijklmnopqrstuv"


@dataclass
class Switches:
    """Where Google's behaviour is unclear or differs, the one to play."""

    consents_as: str | None = None
    """Email of whoever consents to every authorization at once, without pages."""
    unticked: frozenset[str] = frozenset()
    """Scopes whose tick he takes away then."""
    union_of_scopes: bool = True
    """include_granted_scopes works."""
    access_token_life: timedelta = timedelta(seconds=3599)
    policy_status: int = 400
    minimal_tombstones: bool = True
    short_pages: bool = False
    """Each list begins with an empty page."""
    sync_with_order: bool = False
    """A list with orderBy, q or the like brings a sync token too."""
    tentative_is_busy: bool = True
    unanswered_is_busy: bool = True
    meet: str = "success"
    """Or pending (ready after meet_delay), or failure."""
    meet_delay: timedelta = timedelta(seconds=10)
    revives_deleted: bool = True
    contacts_lag: timedelta = timedelta()
    limit_form: str = "userRateLimitExceeded"
    """What exceeding a limit says: this, rateLimitExceeded, or 429."""


@dataclass
class World:
    clock: Clock = field(default_factory=Clock)
    lock: threading.RLock = field(default_factory=threading.RLock)
    faults: Faults = field(default_factory=Faults)
    switches: Switches = field(default_factory=Switches)
    chance: random.Random = field(default_factory=lambda: random.Random(20261121))  # noqa: S311 (ids, not secrets)
    limits: Limits = field(init=False)
    push: Postbox = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    grants: dict[tuple[str, str], Grant] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    lists: dict[str, dict[str, Entry]] = field(default_factory=dict)
    """By sub and calendar."""
    contacts: dict[str, dict[str, Contact]] = field(default_factory=dict)
    """By sub and id."""
    indexes: dict[str, list[Contact]] = field(default_factory=dict)
    """What searching contacts finds: those that were there at the last warm-up."""
    sync_tokens: dict[str, SyncToken] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    version: int = 0
    mails: list[dict[str, Any]] = field(default_factory=list)
    """Invitations and the like that Google would send."""
    violations: list[str] = field(default_factory=list)
    """What an app did that Google calls undefined."""
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=20_000))

    def __post_init__(self) -> None:
        self.limits = Limits(self.clock)
        self.push = Postbox(self.clock)

    def next_version(self) -> int:
        self.version += 1
        return self.version

    def identifier(self, length: int = 26) -> str:
        return "".join(self.chance.choices(DIGITS, k=length))

    def person_of(self, named: str) -> Person | None:
        """By sub or email."""
        known = (person for person in self.people.values() if named in (person.sub, person.email))
        return next(known, None)

    def primary_of(self, person: Person) -> Calendar:
        return next(one for one in self.calendars.values() if one.primary and one.owner == person.sub)

    def role(self, calendar: Calendar, person: Person) -> str:
        return "owner" if calendar.owner == person.sub else calendar.roles.get(person.sub, "")

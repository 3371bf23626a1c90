"""The memory of one simulated Microsoft. Whoever reads or writes it holds `lock`; it dies with its process."""

import random
import threading
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from integrations.simulators.clock import Clock
from integrations.simulators.faults import Faults
from integrations.simulators.microsoft.records import (
    AccessToken,
    App,
    Calendar,
    Chain,
    Code,
    Contact,
    Event,
    Folder,
    Gone,
    Mail,
    RefreshToken,
    Subscription,
    Tenant,
    User,
)


@dataclass
class Switches:
    """Where Microsoft's behaviour is unclear or differs, the one to play."""

    consents_as: str | None = None
    """Email of the user for whom every authorization is consented to at once, without pages."""
    client_error_status: int = 401
    long_scopes: bool = False
    """Token answers name scopes with their resource."""
    refresh_brings_refresh_token: bool = True
    access_token_life: timedelta = timedelta(seconds=3599)
    refresh_token_life: timedelta = timedelta(days=90)
    refreshes_a_minute: int = 15
    """More of the same are a loop."""
    repeated_transaction: int = 201
    """What a second POST of the same event answers: 201 or 409."""
    page_size: int = 10
    sparse_occurrences: bool = True
    """Delta shows of an occurrence its id, type, master and times."""
    delta_repeats: bool = False
    resync_names_location: bool = False
    """410 says in `Location` where to start again."""
    moved_out_is_told: bool = True
    """Delta says "removed" of what changed outside its window."""
    lists_private: bool = True
    """A list shows a private event to whom a GET by its id says 404."""
    organization_told: bool = True
    """Everybody may read the id and the domains of his own tenant."""
    free_busy_lists: bool = True
    """Whoever may see free and busy only is shown the events' times; otherwise nothing."""
    visible_after: timedelta = timedelta()
    """So long after it was made an event is not found yet."""
    most_subscription_minutes: int = 10_080
    most_subscriptions: int = 1000
    teams_link_is_late: bool = False
    """It stands in the next GET, not in the 201."""
    most_at_once: int = 4
    """Calls for one mailbox; more are refused."""


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    status: int


@dataclass
class World:
    clock: Clock = field(default_factory=Clock)
    lock: threading.RLock = field(default_factory=threading.RLock)
    faults: Faults = field(default_factory=Faults)
    switches: Switches = field(default_factory=Switches)
    chance: random.Random = field(default_factory=lambda: random.Random(20261121))  # noqa: S311 (ids, not secrets)
    tenants: dict[str, Tenant] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    consents: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """What each user has consented to himself, by client id and user id."""
    calendars: dict[str, Calendar] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    """By immutable id; exceptions live in their masters."""
    gone: list[Gone] = field(default_factory=list)
    folders: dict[str, Folder] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    version: int = 0
    key: int = 0
    """Which of the signing keys is the current one."""
    running: Counter[str] = field(default_factory=Counter)
    """Calls at this moment, by mailbox."""
    throttled: dict[str, str | None] = field(default_factory=dict)
    """Retry-After by mailbox; None: the header is missing."""
    listeners: list[Callable[[str, str, User, Event | Contact], None]] = field(default_factory=list)
    """Told of (created, updated or deleted; events or contacts; whose; which)."""
    controls: dict[str, Callable[..., object]] = field(default_factory=dict)
    """Verbs of the control page that need more than the world."""
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=10_000))

    def next_version(self) -> int:
        self.version += 1
        return self.version

    def guid(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def publish(self, change: str, kind: str, user: User, item: Event | Contact) -> None:
        for listener in self.listeners:
            listener(change, kind, user, item)

    def user_of(self, named: str, tenant_id: str | None = None) -> User | None:
        """By id, UPN or mail in any case; in one tenant if it is named."""
        for user in self.users.values():
            addresses = {user.upn.lower(), (user.mail or "").lower()}
            known = named == user.id or (named and named.lower() in addresses)
            if known and tenant_id in (None, user.tenant_id):
                return user
        return None

    def tenant_of(self, named: str) -> Tenant | None:
        """By id, domain or name."""
        for tenant in self.tenants.values():
            if named in (tenant.id, tenant.name) or named.lower() in tenant.domains:
                return tenant
        return None

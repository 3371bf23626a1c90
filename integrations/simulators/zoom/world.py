"""The memory of one simulated Zoom. Whoever reads or writes it holds `lock`; it lives and dies with its process."""

import random
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from integrations.simulators.clock import Clock
from integrations.simulators.faults import Faults
from integrations.simulators.zoom.limits import Limits
from integrations.simulators.zoom.records import (
    AccessToken,
    Account,
    App,
    Code,
    Event,
    Grant,
    Meeting,
    Page,
    User,
)
from integrations.simulators.zoom.webhooks import Webhooks


@dataclass
class Switches:
    """Where Zoom's behaviour is unclear or differs, the one to play."""

    client_error_status: int = 400
    scope_error_status: int = 400
    old_access_token_lives: bool = False
    """The access token of before a refresh keeps its hour."""
    decline_returns: bool = True
    """Declining sends the person back with error=access_denied."""
    members_pass: bool = False
    """A Member may authorize an admin-managed app, and his token lives; that Zoom prevents it is only reported."""
    wrong_account_error: str = "invalid_grant"
    """For a server-to-server app that names another account than its own; "invalid_request" has been seen too."""
    foreign_meeting: tuple[int, int] = (404, 3001)
    """HTTP status and code for another user's meeting."""
    consents_as: str | None = None
    """Email of the Zoom user for whom every authorization is consented to at once, without pages."""
    unlisted_time_zone: str = "ignore"
    """Or "reject"."""
    access_token_life: timedelta = timedelta(seconds=3599)
    refresh_token_life: timedelta = timedelta(days=90)


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
    limits: Limits = field(init=False)
    webhooks: Webhooks = field(init=False)
    accounts: dict[str, Account] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    disabled: set[str] = field(default_factory=set)
    """Client ids of apps that their developer deactivated, or Zoom."""
    codes: dict[str, Code] = field(default_factory=dict)
    grants: dict[tuple[str, str], Grant] = field(default_factory=dict)
    """The live ones, by client id and user id; a user with a grant has the app installed."""
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    meetings: dict[int, Meeting] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    """What each next_page_token stands for."""
    listeners: list[Callable[[Event], None]] = field(default_factory=list)
    history: deque[str] = field(default_factory=lambda: deque(maxlen=50))
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=10_000))

    def __post_init__(self) -> None:
        self.limits = Limits(self.clock)
        self.webhooks = Webhooks(self.clock, self.apps)

    def publish(self, event: Event) -> None:
        for listener in self.listeners:
            listener(event)

    def user_of(self, email_or_id: str, account_id: str | None = None) -> User | None:
        """By id, or by email in any case; in one account if it is named."""
        for user in self.users.values():
            known = email_or_id == user.id or email_or_id.lower() == user.email.lower()
            if known and account_id in (None, user.account_id):
                return user
        return None

    def account_of(self, user: User) -> Account:
        return self.accounts[user.account_id]

    def added_by(self, user: User) -> list[App]:
        """The apps on this user's list of added ones; nobody adds a server-to-server app."""
        added = [client_id for client_id, user_id in self.grants if user_id == user.id]
        known = [self.apps[client_id] for client_id in added if client_id in self.apps]
        return [app for app in known if not app.server_to_server]

"""What the simulated Zoom remembers: one dataclass per noun."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

APPROVERS = ("Owner", "Admin")
BASIC, LICENSED, UNASSIGNED = 1, 2, 4

USER_SCOPES = (
    "meeting:write:meeting",
    "meeting:update:meeting",
    "meeting:delete:meeting",
    "meeting:read:meeting",
    "meeting:read:list_meetings",
    "meeting:read:list_upcoming_meetings",
    "meeting:read:past_meeting",
    "meeting:update:status",
    "user:read:user",
    "user:read:settings",
    "user:read:list_permissions",
)
ADMIN_SCOPES = (*(f"{scope}:admin" for scope in USER_SCOPES), "user:read:list_users:admin")


class Kind(StrEnum):
    """Of an app: who adds it, and on whom its tokens act."""

    USER_MANAGED = "user_managed"
    ADMIN_MANAGED = "admin_managed"
    SERVER_TO_SERVER = "server_to_server"
    """Nobody adds it: its own credentials are enough, for the one account it belongs to."""


@dataclass
class Account:
    id: str
    name: str
    plan: str = "business"
    """free, pro or business: decides the rate limits."""
    pre_approval: bool = False
    approved: set[str] = field(default_factory=set)
    """Client ids that an admin has approved."""
    requested: set[tuple[str, str]] = field(default_factory=set)
    """(client id, user id) of those who asked their admin."""
    security_locked: bool = True
    """All meetings must be secured by one option."""
    api_url: str = ""
    """The regional origin named in token answers; empty: the one that was called."""


@dataclass
class User:
    id: str
    account_id: str
    email: str
    first_name: str
    last_name: str
    type: int = LICENSED
    role_name: str = "Member"
    status: str = "active"
    timezone: str = "Europe/Berlin"
    use_pmi: bool = False
    pmi: int = 0
    created_at: str = ""
    webinar_plan: bool = False
    schedulers: set[str] = field(default_factory=set)
    """Ids of users who may schedule for this one."""

    @property
    def display_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def approves(self) -> bool:
        return self.role_name in APPROVERS


@dataclass
class App:
    client_id: str
    client_secret: str
    name: str
    redirect_uris: set[str]
    scopes: tuple[str, ...] = USER_SCOPES
    kind: Kind = Kind.USER_MANAGED
    account_id: str = ""
    """The developer's Zoom account, the only one that a private app serves."""
    published: bool = True
    webhook_secret: str = ""

    @property
    def admin_managed(self) -> bool:
        return self.kind is Kind.ADMIN_MANAGED

    @property
    def server_to_server(self) -> bool:
        return self.kind is Kind.SERVER_TO_SERVER

    @property
    def acts_for_account(self) -> bool:
        """Its tokens reach all users of the account."""
        return self.kind is not Kind.USER_MANAGED


@dataclass
class Code:
    code: str
    client_id: str
    user_id: str
    redirect_uri: str
    challenge: str
    method: str
    expires_at: datetime


@dataclass
class Grant:
    """One authorization: the live one of its client and user."""

    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    installed_at: datetime
    refresh_token: str = ""
    refresh_expires_at: datetime | None = None


@dataclass
class AccessToken:
    token: str
    grant: Grant
    expires_at: datetime


@dataclass
class Meeting:
    id: int
    uuid: str
    host_id: str
    account_id: str
    created_at: datetime
    start: datetime
    base_url: str
    """Where join and start links lead."""
    topic: str = "Zoom Meeting"
    type: int = 2
    duration: int = 60
    timezone: str = "UTC"
    agenda: str = ""
    password: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    tracking_fields: list[Any] = field(default_factory=list)
    assistant_id: str = ""
    pmi: int | None = None
    deleted_at: datetime | None = None
    webinar: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    limit_minutes: int | None = None
    start_keys: dict[str, datetime] = field(default_factory=dict)
    """Each start_url's key and the end of its life."""


@dataclass(frozen=True)
class Page:
    """Where a list goes on."""

    of: str
    offset: int
    expires_at: datetime


@dataclass(frozen=True)
class Event:
    """Something that apps may hear of."""

    name: str
    account_id: str
    user_id: str
    """Whom it is about: the host, the user, the one who removed the app."""
    payload: dict[str, Any]
    client_id: str = ""
    """The only app that hears of it; empty: all that may."""

"""What the simulated Microsoft remembers: one dataclass per noun."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of all personal accounts."""


class Policy(StrEnum):
    """Who may consent to what a tenant's people are asked for."""

    USERS = "users"
    MANAGED = "managed"
    """Microsoft's default: calendars and contacts need an admin, basic sign-in does not."""
    NOBODY = "nobody"
    WORKFLOW = "workflow"
    """As managed, and whoever is refused can ask."""


class Mailbox(StrEnum):
    CLOUD = "cloud"
    NONE = "none"
    ON_PREMISES = "on_premises"


@dataclass
class Tenant:
    id: str
    name: str
    domains: tuple[str, ...]
    policy: Policy = Policy.MANAGED
    scopes: dict[str, set[str]] = field(default_factory=dict)
    """Delegated permissions that an admin granted for everybody, by client id."""
    roles: dict[str, set[str]] = field(default_factory=dict)
    """Application permissions, by client id."""
    installed: set[str] = field(default_factory=set)
    """Client ids of the apps that somebody here has consented to."""
    requested: set[tuple[str, str]] = field(default_factory=set)
    """(client id, user id) of those who asked their admin."""

    @property
    def personal(self) -> bool:
        return self.id == CONSUMERS


@dataclass
class User:
    id: str
    """The oid."""
    tenant_id: str
    upn: str
    name: str
    mail: str | None
    admin: bool = False
    mailbox: Mailbox = Mailbox.CLOUD
    teams: bool = True
    home_tenant_id: str = ""
    """Of a guest: where he comes from."""
    enabled: bool = True
    assigned: bool = True
    blocked: bool = False
    """By Conditional Access."""
    mfa_since: datetime | None = None
    """What was issued before needs a second factor now."""
    time_zone: str = "UTC"
    claimed_email: str | None = ""
    """The id_token's email; empty: the mail; None: left out."""

    @property
    def guest(self) -> bool:
        return bool(self.home_tenant_id)

    @property
    def email(self) -> str:
        return self.mail or self.upn


@dataclass
class App:
    client_id: str
    client_secret: str
    name: str
    redirect_uris: set[str]
    secret_expired: bool = False
    tenant_id: str = ""
    """The only tenant of a single-tenant app."""
    roles: tuple[str, ...] = ("Calendars.ReadWrite", "Contacts.ReadWrite")
    """Application permissions that its registration lists."""
    scopes: tuple[str, ...] = ("User.Read", "Calendars.ReadWrite", "Contacts.ReadWrite")
    """Delegated ones that its registration lists; /.default stands for them."""


@dataclass
class Code:
    client_id: str
    user_id: str
    tenant: str
    """As it stood in the path of the authorize request."""
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    method: str
    nonce: str
    issued_at: datetime
    used: bool = False


@dataclass
class RefreshToken:
    token: str
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    issued_at: datetime
    signed_in_at: datetime
    used_at: datetime
    uses: list[datetime] = field(default_factory=list)
    revoked: bool = False


@dataclass
class AccessToken:
    token: str
    client_id: str
    tenant_id: str
    user_id: str | None
    """None: the app itself."""
    audience: str
    scopes: frozenset[str]
    expires_at: datetime


@dataclass
class Calendar:
    id: str
    owner_id: str
    name: str
    default: bool = False
    shares: dict[str, str] = field(default_factory=dict)
    """Role by user id."""


@dataclass
class Event:
    id: str
    """The ordinary one; moving to another calendar changes it."""
    immutable_id: str
    uid: str
    calendar_id: str
    owner_id: str
    organizer_id: str
    start: datetime
    end: datetime
    start_zone: str
    end_zone: str
    fields: dict[str, Any]
    """As Graph shows them: subject, body, showAs, sensitivity, attendees, …"""
    created_at: datetime
    modified_at: datetime
    version: int
    recurrence: dict[str, Any] | None = None
    exceptions: dict[datetime, "Event"] = field(default_factory=dict)
    """By the start that the occurrence had."""
    cancelled: set[datetime] = field(default_factory=set)
    original_start: datetime | None = None
    """Of an exception."""
    organizer: dict[str, str] | None = None
    """Somebody who has no mailbox here."""
    visible_from: datetime | None = None
    told_zone: str = ""
    """What is told of its zone instead, such as tzone://Microsoft/Custom."""


@dataclass
class Gone:
    """What is left of a deleted event or contact."""

    id: str
    immutable_id: str
    folder_id: str
    version: int


@dataclass
class Folder:
    """Of contacts."""

    id: str
    owner_id: str
    name: str
    default: bool = False


@dataclass
class Contact:
    id: str
    immutable_id: str
    folder_id: str
    owner_id: str
    fields: dict[str, Any]
    created_at: datetime
    modified_at: datetime
    version: int


@dataclass
class Chain:
    """Where a delta or a list goes on: a token stands for it."""

    of: str
    base: int = 0
    """The version up to which everything was told."""
    known: dict[str, tuple[int, str]] = field(default_factory=dict)
    """What the client has: version and ordinary id, by immutable id."""
    pending: list[Any] = field(default_factory=list)
    window: tuple[datetime, datetime] | None = None
    size: int = 0


@dataclass
class Subscription:
    id: str
    client_id: str
    user_id: str
    """Whose mailbox."""
    creator_id: str
    tenant_id: str
    kind: str
    """events or contacts."""
    change_types: tuple[str, ...]
    resource: str
    notification_url: str
    lifecycle_url: str
    client_state: str
    expires_at: datetime
    immutable: bool
    paused: bool = False
    """It was asked to reauthorize and did not."""


@dataclass(eq=False)
class Delivery:
    url: str
    notifications: list[dict[str, Any]]
    due_at: datetime
    made_at: datetime
    lost_at: datetime
    statuses: list[int] = field(default_factory=list)
    """Of each attempt; 0: no answer in time."""
    dropped: bool = False
    id: str = ""

    @property
    def delivered(self) -> bool:
        return any(200 <= status < 300 for status in self.statuses)

    @property
    def waiting(self) -> bool:
        return not self.delivered and not self.dropped


@dataclass(frozen=True)
class Mail:
    """What Exchange sends to the people of a meeting."""

    kind: str
    """request, update, cancellation or comment."""
    to: str
    subject: str
    event_id: str
    comment: str = ""

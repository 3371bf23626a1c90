"""What the simulated Google remembers: one dataclass per noun."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Person:
    """A Google account. hd: the domain of its Workspace, empty for a private one."""

    sub: str
    email: str
    name: str
    hd: str = ""
    time_zone: str = "Europe/Berlin"
    has_calendar: bool = True


@dataclass
class Project:
    """A project in Google's console. status: production, testing or internal (then `domain` says to whom)."""

    name: str
    status: str = "production"
    testers: set[str] = field(default_factory=set)
    domain: str = ""
    trusted: bool = False
    """By the admins: consent is for all scopes or none."""
    barred: bool = False
    """Admin policy is on."""


@dataclass
class App:
    client_id: str
    client_secret: str
    redirect_uris: set[str]
    project: str
    name: str


@dataclass
class Grant:
    """What a person gave to a project."""

    project: str
    sub: str
    scopes: set[str]
    clients: set[str] = field(default_factory=set)
    """Those that the person consented for."""


@dataclass
class Code:
    client_id: str
    sub: str
    redirect_uri: str
    scopes: frozenset[str]
    challenge: str
    method: str
    nonce: str
    brings_refresh: bool
    expires_at: datetime


@dataclass
class RefreshToken:
    token: str
    client_id: str
    sub: str
    scopes: frozenset[str]
    issued_at: datetime
    used_at: datetime


@dataclass
class AccessToken:
    token: str
    client_id: str
    sub: str
    scopes: frozenset[str]
    expires_at: datetime


@dataclass
class Event:
    """`fields` are those of the resource that do not depend on who looks."""

    id: str
    calendar_id: str
    fields: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime
    deleted: bool = False
    sequence: int = 0
    meet_ready_at: datetime | None = None


@dataclass
class Calendar:
    id: str
    owner: str
    """The sub."""
    summary: str
    time_zone: str
    primary: bool = False
    roles: dict[str, str] = field(default_factory=dict)
    """By sub, besides the owner's."""
    watchable: bool = True
    meets: bool = True
    events: dict[str, Event] = field(default_factory=dict)


@dataclass
class Entry:
    """A calendar on somebody's list."""

    calendar_id: str
    version: int
    summary_override: str = ""
    deleted: bool = False
    hidden: bool = False


@dataclass
class SyncToken:
    of: str
    version: int
    settings: tuple[tuple[str, str], ...]
    issued_at: datetime
    expired: bool = False


@dataclass
class Page:
    of: str
    items: list[Any]
    version: int
    token: str
    """The sync token that the list began with."""
    gives_token: bool
    first: bool = False


@dataclass
class Channel:
    id: str
    resource_id: str
    resource_uri: str
    of: str
    """What it watches: "events:" and the calendar's id, or "calendarList:" and the sub."""
    address: str
    token: str
    expires_at: datetime
    sub: str
    client_id: str
    number: int = 0
    stopped: bool = False


@dataclass(eq=False)
class Delivery:
    channel: Channel
    state: str
    number: int
    due_at: datetime
    statuses: list[int] = field(default_factory=list)
    over: bool = False


@dataclass
class Contact:
    id: str
    fields: dict[str, Any]
    version: int
    changed_at: datetime
    deleted: bool = False
    other: bool = False
    """Saved by itself, not by the person."""


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    status: int
    query: str = ""

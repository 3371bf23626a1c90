"""Whose access, by which app, with which token, and how it ended."""

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta


class AppKind(enum.StrEnum):
    """For whom an OAuth client works: the person who authorizes, all of an organization by its admin's word, or all of
    it by credentials alone, without anybody's word. PASSWORD: no client at all, a name and a password (Login).
    """

    PERSONAL = "personal"
    ORGANIZATION = "organization"
    SERVER = "server"
    PASSWORD = "password"  # noqa: S105 (the name of a kind)


APP_KINDS = (AppKind.PERSONAL, AppKind.ORGANIZATION, AppKind.SERVER)
"""Those that an OAuth client can be of."""


class Permission(enum.StrEnum):
    """What an organization lets its members use of a calendar service. Who may write may read."""

    CALENDAR_READ = "calendar_read"
    CALENDAR_WRITE = "calendar_write"
    CONTACTS_READ = "contacts_read"
    CONTACTS_WRITE = "contacts_write"


@dataclass(frozen=True)
class App:
    """An OAuth client at a provider: the installation's, from the settings, or an organization's own (`own`: its pk).

    account_id: the provider's account that it is bound to, for credentials alone.
    """

    provider: str
    kind: AppKind
    client_id: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(default="", repr=False)
    account_id: str = ""
    own: int | None = None

    @property
    def is_complete(self) -> bool:
        return bool(self.client_id and self.client_secret)

    @property
    def credentials(self) -> tuple[str, str]:
        return self.client_id, self.client_secret


@dataclass(frozen=True)
class Login:
    """A way in by name and password, where there is no OAuth. `address`: of the server or the mailbox's service.

    acting_for: the e-mail of the mailbox to be opened, where the account may act for others.  version: of the server,
    where it makes a difference.  no_password_at: hosts that must never see a password, not by redirect either.
    """

    address: str
    username: str
    password: str = field(repr=False)
    acting_for: str = ""
    version: str = ""
    no_password_at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Token:
    """A token answer (RFC 6749, 5.1). `expires_in` counts from `received_at`; `api_url` is empty where there is one."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: timedelta
    received_at: datetime
    scopes: frozenset[str]
    api_url: str = ""


@dataclass(frozen=True)
class Identity:
    """Who authorized, in the provider's words. `paid` is None where the provider does not say.

    is_admin: whether he may act for everybody in the account.
    """

    external_id: str
    account_id: str
    email: str
    name: str
    paid: bool | None
    is_admin: bool = False


@dataclass(frozen=True)
class Consented:
    """What the admin of a provider's account allowed for everybody in it; scopes as the provider's `scopes` spell them.

    account_id: the provider's id of the account.
    """

    account_id: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Colleague:
    """Somebody in the account that an organization connected. `licensed` is None where it cannot be told.

    state: "found", "pending" (was invited, has not accepted) or "inactive".
    """

    external_id: str
    email: str
    licensed: bool | None
    state: str = "found"


@dataclass(frozen=True)
class Report:
    """What a provider told us by webhook, in our words. `about`: the user or meeting, by the provider's id.

    email: of the user, where it is told.  at: when it happened there.
    kind: "deauthorized", "user", "meeting_changed", "meeting_started", "meeting_ended", or "" for what we do not need.
    """

    kind: str
    account_id: str = ""
    user_id: str = ""
    about: str = ""
    email: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Use:
    """Something that relies on a connection, for the page that asks before it goes."""

    label: str
    url: str
    kind: str


@dataclass(frozen=True)
class Fact:
    """A line of the page that says how a connection is."""

    label: str
    text: str


class EndReason(enum.Enum):
    DISCONNECTED = "disconnected"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ENDED = "ended"
    ROLE_LOST = "role_lost"

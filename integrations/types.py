"""What travels between the floors and the providers: values, no behaviour."""

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta


class AppKind(enum.StrEnum):
    """For whom an OAuth client works: the person who authorizes, all of an organization by its admin's word, or all of
    it by credentials alone, without anybody's word.
    """

    PERSONAL = "personal"
    ORGANIZATION = "organization"
    SERVER = "server"


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
class MeetingRequest:
    """`marker` is a short reference by which the provider's list shows this meeting again: 'Booking BR-7F3K2'."""

    topic: str
    start: datetime
    duration: timedelta
    time_zone: str
    marker: str
    agenda: str = ""


@dataclass(frozen=True)
class CreatedMeeting:
    external_id: str
    join_url: str = field(repr=False)
    passcode: str = field(default="", repr=False)


@dataclass(frozen=True)
class ListedMeeting:
    """As the provider's list shows it; `agenda` may be cut, its beginning (the marker) is there."""

    external_id: str
    start: datetime
    duration: timedelta
    created_at: datetime
    agenda: str


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

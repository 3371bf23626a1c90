"""What travels between the floors and the providers: values, no behaviour."""

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta


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
    """Who authorized, in the provider's words. `paid` is None where the provider does not say."""

    external_id: str
    account_id: str
    email: str
    name: str
    paid: bool | None


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


class EndReason(enum.Enum):
    DISCONNECTED = "disconnected"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ENDED = "ended"
    ROLE_LOST = "role_lost"

"""Calendars and their events, in the words of RFC 5545."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


class ShowsAs(enum.StrEnum):
    """How the owner appears to others meanwhile."""

    BUSY = "busy"
    FREE = "free"
    TENTATIVE = "tentative"
    OUT_OF_OFFICE = "out_of_office"
    ELSEWHERE = "elsewhere"


class Response(enum.StrEnum):
    """What the owner answered to an invitation; NONE: it is his own event, or nobody asked."""

    NONE = "none"
    NEEDS_ACTION = "needs_action"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class EventKind(enum.StrEnum):
    DEFAULT = "default"
    OUT_OF_OFFICE = "out_of_office"
    FOCUS_TIME = "focus_time"
    WORKING_LOCATION = "working_location"
    BIRTHDAY = "birthday"


@dataclass(frozen=True)
class ListedCalendar:
    """A calendar of an account. `time_zone` is an IANA name, empty where the provider does not say."""

    external_id: str
    name: str
    time_zone: str = ""
    is_main: bool = False
    can_write: bool = True


@dataclass(frozen=True)
class Event:
    """One event, or one instance of a series, as the provider shows it.

    start, end: aware datetimes; naive ones float (they are wall-clock times of whoever looks); dates for all day, `end`
    exclusive.  series_id: the provider's id of the series that it is an instance of.  uid: the iCalendar UID.
    reference: the marker of ours that it carries, empty if it is not from us.  organizer: an e-mail.
    """

    external_id: str
    start: datetime | date
    end: datetime | date
    title: str = ""
    series_id: str = ""
    uid: str = ""
    etag: str = ""
    time_zone: str = ""
    location: str = ""
    description: str = ""
    join_url: str = field(default="", repr=False)
    web_url: str = ""
    organizer: str = ""
    is_organizer: bool = True
    attendees: tuple[str, ...] = ()
    is_private: bool = False
    shows_as: ShowsAs = ShowsAs.BUSY
    response: Response = Response.NONE
    kind: EventKind = EventKind.DEFAULT
    is_cancelled: bool = False
    is_tentative: bool = False
    can_write: bool = True
    reference: str = ""


@dataclass(frozen=True)
class EventPage:
    """Part of what changed in a calendar. `removed`: ids of events, or of whole series.

    series: of these, every instance is in this answer; what was known of them before is void.
    sync_token: on the last page only; with it the next look begins.
    """

    events: tuple[Event, ...] = ()
    removed: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    sync_token: str = ""


@dataclass(frozen=True)
class EventRequest:
    """An event as it shall stand. `reference`: our marker, by which it is found again; the same one twice makes one
    event.

    uid: the iCalendar UID it shall carry, where the provider lets us choose.  meeting: with a video meeting of the
    provider's own.  start, end: aware datetimes, or dates for all day (`end` exclusive).
    """

    title: str
    start: datetime | date
    end: datetime | date
    time_zone: str
    reference: str = ""
    uid: str = ""
    description: str = ""
    location: str = ""
    is_private: bool = False
    meeting: bool = False


@dataclass(frozen=True)
class Watched:
    """The provider promised to tell us of changes. resource_id: what it wants to hear when we stop it."""

    external_id: str
    expires_at: datetime
    resource_id: str = ""


class PushKind(enum.StrEnum):
    """CHANGED: look what changed. RENEW: it wants its access confirmed. GONE: it tells nothing any more, watch anew.
    MISSED: something was not told, look at everything.
    """

    CHANGED = "changed"
    RENEW = "renew"
    GONE = "gone"
    MISSED = "missed"


@dataclass(frozen=True)
class Push:
    """What came in about a watch: `secret` proves that it is from where we asked."""

    watch_id: str
    secret: str = field(repr=False)
    kind: PushKind = PushKind.CHANGED


@dataclass(frozen=True)
class PushRequest:
    """An inbound request as it came. `headers` know no upper and lower case; `query`: the first of each name."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

"""A meeting at a provider: as we ask for it, as it was made, as it is listed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True)
class MeetingRequest:
    """`marker` is a short reference by which the provider's list shows this meeting again: 'Booking BR-7F3K2'.

    calendar: the provider's id of the calendar to keep it in, where meetings are events; empty: the main one.
    """

    topic: str
    start: datetime
    duration: timedelta
    time_zone: str
    marker: str
    agenda: str = ""
    calendar: str = ""


@dataclass(frozen=True)
class CreatedMeeting:
    external_id: str
    join_url: str = field(repr=False)
    passcode: str = field(default="", repr=False)


@dataclass(frozen=True)
class ListedMeeting:
    """As the provider's list shows it; `agenda` may be cut, its beginning (the marker) is there.

    topic, join_url: where they are told.
    """

    external_id: str
    start: datetime
    duration: timedelta
    created_at: datetime
    agenda: str
    topic: str = ""
    join_url: str = field(default="", repr=False)

"""What closes times in people's calendars, as far as it is known; and what is not known closes times too."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypedDict, cast
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.timezone import now

from accounts.models import Membership
from integrations.minutes import MinuteOfEnd, MinuteOfStart
from integrations.models import Calendar, CalendarEvent, LastLook
from integrations.models.calendar import TRUSTED

Span = tuple[int, int]
"""[start, end) in whole minutes since the epoch, rounded outward."""

HICCUP = timedelta(minutes=2)
_EPOCH, _MINUTE = datetime(1970, 1, 1, tzinfo=UTC), timedelta(minutes=1)

WANTED = (
    Q(membership__calendar_settings=None) | Q(membership__calendar_settings__sync=True),
    Q(membership__organization__calendar_policy=None) | Q(membership__organization__calendar_policy__enabled=True),
)
"""Calendars whose owner and organization want them to be read."""

# Put together once, because that takes as long as the asking; only ever filtered.
_COUNTED = Calendar.objects.filter(*WANTED, is_busy=True).values(
    "pk",
    "uid",
    "name",
    "synced_at",
    "failing_since",
    "window_end",
    user=F("membership__user"),
    organization=F("membership__organization__slug"),
    connection_uid=F("connection__uid"),
    whose=F("connection__membership"),
    last_look=F("membership__calendar_settings__last_look"),
    ended_at=F("connection__ended_at"),
    grant_ended_at=F("connection__grant__ended_at"),
)
_CLOSING = CalendarEvent.objects.filter(blocks=True).order_by("start")
_SPANS = _CLOSING.values_list("calendar", MinuteOfStart("start"), MinuteOfEnd("end"))


class _Row(TypedDict):
    pk: int
    uid: UUID
    name: str
    synced_at: datetime | None
    failing_since: datetime | None
    window_end: datetime | None
    user: int
    organization: str
    connection_uid: UUID
    whose: int | None
    last_look: str | None
    ended_at: datetime | None
    grant_ended_at: datetime | None


@dataclass(frozen=True)
class Source:
    """A calendar that counts. account: the uid of its connection, None if that is not the member's own.

    organization: the slug of where it is connected.
    """

    uid: UUID
    name: str
    organization: str
    account: UUID | None


@dataclass(frozen=True)
class Closed:
    """Times that are closed because it is not known what stands there.

    since: since when the calendar cannot be read; None if it never was.  ahead: it is read well, but not that far.
    """

    source: Source
    span: Span
    since: datetime | None = None
    ahead: bool = False


@dataclass(frozen=True)
class Busy:
    """Of one person."""

    standing: list[tuple[Source, list[Span]]] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """In no order, and they may overlap."""
        events = [span for _source, spans in self.standing for span in spans]
        return events + [closed.span for closed in self.closed]


def busy(users: Collection[int], start: datetime, end: datetime) -> dict[int, Busy]:
    """By id of the person, what closes times in [start, end), in all organizations: a person has one body. Who has no
    calendar is missing. Two queries at most, however many people and calendars.
    """
    rows: dict[int, list[_Row]] = defaultdict(list)
    for row in cast(list[_Row], _COUNTED.filter(membership__user__in=users)):
        rows[row["user"]].append(row)
    trusted = [row["pk"] for his in rows.values() for row in his if _is_trusted(row)]
    spans = _spans(trusted, start, end)
    return {user: _of(his, spans, _span(start, end)) for user, his in rows.items()}


def unread(membership: Membership) -> QuerySet[Calendar]:
    """His calendars that close all their times, though their accounts work: for longer than a hiccup lasts."""
    his = Calendar.objects.filter(*WANTED, is_busy=True, membership=membership)
    known = Q(synced_at__isnull=False, synced_at__gt=now() - TRUSTED)
    fails = Q(failing_since__isnull=False, failing_since__lte=now() - HICCUP)
    enough = Q(membership__calendar_settings__last_look=LastLook.ACCEPT)
    young = Q(synced_at=None, created_at__gt=now() - HICCUP)
    alive = his.filter(connection__ended_at=None, connection__grant__ended_at=None)
    return alive.filter(~known | (fails & ~enough)).exclude(young)


def _of(rows: list[_Row], spans: dict[int, list[Span]], asked: Span) -> Busy:
    standing: list[tuple[Source, list[Span]]] = []
    closed: list[Closed] = []
    for row in rows:
        source = _source(row)
        if _is_trusted(row):
            standing.append((source, spans.get(row["pk"], [])))
            closed.extend(Closed(source, span, ahead=True) for span in _unread(row, asked))
        else:
            closed.append(Closed(source, asked, since=row["failing_since"] or row["synced_at"]))
    return Busy(standing, closed)


def _is_trusted(row: _Row) -> bool:
    """Until the minute ends: so long a page that was drawn may be shown.

    Where it fails, even fresh knowledge is not enough, unless its owner has said that it is: nobody is offered a time
    that the last look would refuse him.
    """
    if row["ended_at"] or row["grant_ended_at"] or row["synced_at"] is None:
        return False
    if row["failing_since"] and row["last_look"] != LastLook.ACCEPT:
        return False
    return _next_minute() <= row["synced_at"] + TRUSTED


def _next_minute() -> datetime:
    return now().replace(second=0, microsecond=0) + _MINUTE


def _unread(row: _Row, asked: Span) -> list[Span]:
    """What of `asked` lies beyond what was read. What lies before is over, and closes nothing."""
    known = row["window_end"]
    begins = max(asked[0], (known - _EPOCH) // _MINUTE) if known else asked[0]
    return [(begins, asked[1])] if begins < asked[1] else []


def _spans(calendars: list[int], start: datetime, end: datetime) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    if calendars:
        for calendar, low, high in _SPANS.filter(calendar__in=calendars, start__lt=end, end__gt=start):
            found[calendar].append((low, high))
    return found


def _span(start: datetime, end: datetime) -> Span:
    return (start - _EPOCH) // _MINUTE, -((_EPOCH - end) // _MINUTE)


def _source(row: _Row) -> Source:
    return Source(row["uid"], row["name"], row["organization"], row["connection_uid"] if row["whose"] else None)

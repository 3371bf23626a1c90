"""Compares coming bookings with what the providers show, both ways.

Intents keep the two in step; this finds what they cannot know. What is ours to mend is mended: a meeting that was made
though nobody noted it, a link that is missing, what no booking holds any more. What somebody changed at the provider is
only found here (changes.py); what Bridge did not make is never touched.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import User
from integrations import conferencing
from integrations.exceptions import ProviderError, RequestRejected
from integrations.models import Connection
from integrations.types import ListedMeeting
from outbox import outbox
from scheduling import changes, queries
from scheduling.models import Change, Meeting, MeetingState

MARKER = re.compile(r"Booking BR-([0-9A-F]{12})\b")
_RELATED = "booking", "connection__grant"


@dataclass
class Findings:
    """lost, moved, back: ids of bookings whose meeting is not there, not as agreed, or as agreed again; they are looked
    at one by one. mended: ids of bookings whose meeting needed a hand.
    strays: meetings at the provider that no booking holds (any more); unknown: with a marker like ours, but of no
    booking here, as of another Bridge that uses the same account. Those are left alone.
    open: some may be strays; their making is not settled yet.  refused: hosts that the account does not know.
    """

    lost: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    mended: list[int] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    open: bool = False
    refused: list[str] = field(default_factory=list)
    trouble: str = ""


def connections() -> list[Connection]:
    """Those that hold coming meetings, or held cancelled ones."""
    held = Connection.objects.filter(ended_at=None, meetings__booking__end__gt=now())
    return [found for found in held.select_related("grant", "membership").distinct() if found.is_usable]


def compare(connection: Connection) -> Findings:
    """Of an organization's account each host's meetings on their own: one whom it does not know hinders nobody."""
    found = Findings()
    for host in _hosts(connection):
        try:
            _compare(connection, host, found)
        except RequestRejected as rejected:
            if host is None:
                found.trouble = rejected.sentence
            else:
                found.refused.append(rejected.sentence)
        except ProviderError as error:
            found.trouble = error.sentence
            break
    return found


def _hosts(connection: Connection) -> list[User] | list[None]:
    """None stands for the account's own user. Also those whose coming meetings have left the account."""
    if connection.membership is not None:
        return [None]
    members = User.objects.filter(memberships__organization=connection.organization_id)
    coming = members.filter(bookings__organization=connection.organization_id, bookings__end__gt=now())
    seated = Q(memberships__seats__connection=connection, memberships__seats__external_id__gt="")
    return list(coming.filter(seated | Q(bookings__meeting__connection=connection)).order_by("pk").distinct())


def _compare(connection: Connection, host: User | None, found: Findings) -> None:
    asked_at = now()
    listed = {meeting.external_id: meeting for meeting in conferencing.list_meetings(connection, host=host)}
    marked = dict(_marked(connection, listed.values()))
    known = _by_mark(set(marked.values()))
    found.unknown += [shown for shown, mark in marked.items() if mark not in known]
    for external_id, mark in marked.items():
        if mark in known:
            _settle_claim(connection, listed[external_id], known[mark], found)
    _find_changes(connection, host, listed, asked_at, found)


def _marked(connection: Connection, listed: Iterable[ListedMeeting]) -> Iterator[tuple[str, str]]:
    """Id and mark of those to come that are not older than the connection: what was before it is not ours to touch."""
    since = connection.created_at.replace(microsecond=0)  # providers count in seconds
    for shown in listed:
        mark = MARKER.match(shown.agenda)
        if mark and shown.start > now() and shown.created_at >= since:
            yield shown.external_id, mark[1]


def _by_mark(marks: set[str]) -> dict[str, Meeting]:
    """Their meetings as they are now, after the provider was asked."""
    found: dict[str, Meeting] = {}
    for mark in marks:
        low, high = f"{mark}{'0' * 20}", f"{mark}{'F' * 20}"
        for meeting in Meeting.objects.filter(booking__uid__range=(low, high)).select_related(*_RELATED):
            found[mark] = meeting
    return found


def _settle_claim(connection: Connection, shown: ListedMeeting, meeting: Meeting, found: Findings) -> None:
    """It says that it is this booking's."""
    if meeting.external_id == shown.external_id and meeting.state != MeetingState.REMOVED:
        return
    if _is_waited_for(meeting, connection):
        found.open = found.open or meeting.connection_id not in (None, connection.pk)
        if _needs_a_hand(meeting, connection):
            _adopt(meeting, shown, found)
        return
    conferencing.delete_meeting(connection, shown.external_id)
    found.strays.append(shown.external_id)


def _is_waited_for(meeting: Meeting, connection: Connection) -> bool:
    """Its intent may take it, or has only just made it: by this connection, or by one that reaches the same list."""
    if meeting.external_id or meeting.state == MeetingState.REMOVED or meeting.place != connection.grant.provider:
        return False
    if meeting.connection is None or meeting.connection_id == connection.pk:
        return meeting.attempted_at is not None or _is_wanted(meeting)
    return meeting.attempted_at is not None and _share_a_list(meeting.connection, connection)


def _share_a_list(one: Connection, other: Connection) -> bool:
    """An organization's account has the meetings of its people, also those they make with connections of their own."""
    whole = one.membership_id is None or other.membership_id is None
    return whole and one.grant.account_id == other.grant.account_id


def _is_wanted(meeting: Meeting) -> bool:
    return not meeting.booking.is_cancelled and meeting.booking.end > now()


def _needs_a_hand(meeting: Meeting, connection: Connection) -> bool:
    """It is there, and nobody will look for it by himself."""
    unattended = meeting.state == MeetingState.FAILED or meeting.attempted_at is None
    return unattended and _is_wanted(meeting) and meeting.connection_id in (None, connection.pk)


@transaction.atomic
def _adopt(meeting: Meeting, shown: ListedMeeting, found: Findings) -> None:
    """Its intent looks before it makes one, and so takes what is there."""
    mine = Meeting.objects.filter(pk=meeting.pk, external_id="", attempted_at=meeting.attempted_at)
    if mine.update(attempted_at=meeting.attempted_at or shown.created_at):
        outbox.want("meeting", meeting.booking_id)
        found.mended.append(meeting.booking_id)


def _find_changes(
    connection: Connection, host: User | None, listed: dict[str, ListedMeeting], asked_at: datetime, found: Findings
) -> None:
    """Only of meetings that were settled before we asked. The list may be cut short: each is looked at by itself."""
    held = queries.meetings_using(connection).filter(state=MeetingState.READY, settled_at__lt=asked_at)
    if host is not None:
        held = held.filter(booking__host=host)
    for meeting in held.select_related(*_RELATED):
        if not changes.is_comparable(meeting):
            continue
        here = changes.between(meeting, listed.get(meeting.external_id))
        if here != changes.noted(meeting):
            kinds = {Change.DELETED: found.lost, Change.MOVED: found.moved}
            (kinds[Change(here.change)] if here.change else found.back).append(meeting.booking_id)
            outbox.want("look", meeting.booking_id)
        elif not here.change and not meeting.join_url:
            _ask_for_link(meeting, found)


@transaction.atomic
def _ask_for_link(meeting: Meeting, found: Findings) -> None:
    """The provider answers with it when the meeting is brought in step."""
    Meeting.objects.filter(pk=meeting.pk, join_url="").update(settled_sequence=-1)
    outbox.want("meeting", meeting.booking_id)
    found.mended.append(meeting.booking_id)

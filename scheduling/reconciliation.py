"""Compares coming bookings with what the providers show, both ways, and mends what differs.

Intents keep the two in step; this finds what they cannot know: what was changed at the provider, and what was left.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from integrations import conferencing
from integrations.exceptions import ProviderError
from integrations.models import Connection
from integrations.types import ListedMeeting
from outbox import intents, outbox
from scheduling import queries
from scheduling.models import Meeting, MeetingState

logger = logging.getLogger(__name__)

MARKER = re.compile(r"Booking BR-([0-9A-F]{12})\b")


@dataclass(frozen=True)
class Findings:
    """Ids of bookings. strays: meetings at the provider that no booking holds (any more); unknown: with a marker like
    ours, but of no booking here, as of another Bridge that uses the same account. Those are left alone.
    """

    lost: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    strays: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    trouble: str = ""


def connections() -> list[Connection]:
    """Those that hold coming meetings, or held cancelled ones."""
    held = Connection.objects.filter(ended_at=None, meetings__booking__end__gt=now())
    return [found for found in held.select_related("grant").distinct() if found.is_usable]


@intents.settles("comparison")
def settle(connection_id: int) -> None:
    """An account that is not connected is compared once it is back."""
    connection = Connection.objects.select_related("grant").filter(pk=connection_id).first()
    if connection is None or not connection.is_usable:
        return
    if trouble := compare(connection).trouble:
        raise intents.Later(trouble)


def compare(connection: Connection) -> Findings:
    """Lost and moved meetings are brought back by their intent; strays are removed."""
    asked_at = now()
    try:
        listed = {meeting.external_id: meeting for meeting in conferencing.list_meetings(connection)}
        strays, unknown = _strays(connection, listed.values())
        for external_id in strays:
            conferencing.delete_meeting(connection, external_id)
    except ProviderError as error:
        return Findings(trouble=error.sentence)
    found = _differences(connection, listed, asked_at, strays, unknown)
    _bring_back(found.lost + found.moved)
    return found


def _differences(
    connection: Connection,
    listed: Mapping[str, ListedMeeting],
    asked_at: datetime,
    strays: list[str],
    unknown: list[str],
) -> Findings:
    """Only of meetings that were settled before we asked, and have not begun."""
    settled = queries.meetings_using(connection).filter(state=MeetingState.READY, settled_at__lt=asked_at)
    lost, moved = [], []
    for meeting in settled.filter(booking__start__gt=asked_at).select_related("booking"):
        shown = listed.get(meeting.external_id)
        if meeting.settled_sequence < meeting.booking.sequence:
            continue  # on its way
        if shown is None:
            lost.append(meeting.booking_id)
        elif (shown.start, shown.duration) != (meeting.booking.start, meeting.booking.duration):
            moved.append(meeting.booking_id)
    return Findings(tuple(lost), tuple(moved), tuple(strays), tuple(unknown))


def _strays(connection: Connection, listed: Iterable[ListedMeeting]) -> tuple[list[str], list[str]]:
    """Marked as ours, to come, and not older than the connection: what was before it is not ours to touch."""
    since = connection.created_at.replace(microsecond=0)  # providers count in seconds
    ours = (shown for shown in listed if shown.start > now() and shown.created_at >= since)
    marked = [(mark[1], shown) for shown in ours if (mark := MARKER.match(shown.agenda))]
    known = _by_mark({mark for mark, _shown in marked})
    strays = [
        shown.external_id for mark, shown in marked if mark in known and _is_stray(known[mark], shown, connection)
    ]
    return strays, [shown.external_id for mark, shown in marked if mark not in known]


def _is_stray(meeting: Meeting, shown: ListedMeeting, connection: Connection) -> bool:
    if meeting.state == MeetingState.REMOVED:
        return True
    unclear = not meeting.external_id and meeting.attempted_at is not None
    waits = unclear and meeting.connection_id in (None, connection.pk)  # its intent will find and take it
    return meeting.external_id != shown.external_id and not waits


def _by_mark(marks: set[str]) -> dict[str, Meeting]:
    """Their meetings as they are now, after the provider was asked."""
    found: dict[str, Meeting] = {}
    for mark in marks:
        low, high = f"{mark}{'0' * 20}", f"{mark}{'F' * 20}"
        for meeting in Meeting.objects.filter(booking__uid__range=(low, high)).select_related("booking"):
            found[mark] = meeting
    return found


@transaction.atomic
def _bring_back(bookings: Iterable[int]) -> None:
    for booking_id in bookings:
        logger.warning("The meeting of booking %s was changed at its provider", booking_id)
        Meeting.objects.filter(booking=booking_id).update(settled_sequence=-1)
        outbox.want("meeting", booking_id)

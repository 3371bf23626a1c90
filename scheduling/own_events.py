"""Which events in a host's calendars stand for bookings that he hosts, or for the meetings of events that applications
made for him, so that their time is not counted twice.
"""

import re
from collections.abc import Collection, Iterator
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from scheduling import ical
from scheduling.models import ApplicationEvent, Booking

_MARKER = re.compile(r"(Booking BR|Event AP)-([0-9A-F]{12})", re.ASCII)
_REST = 20
"""Digits of a uid that its marker leaves out."""


def among(markers: Collection[str], *, host: int) -> set[str]:
    """host: the id of the User. markers: references of events (marker of the row) and iCalendar UIDs."""
    return (_of_bookings(markers, host) | _of_applications(markers, host)) & set(markers)


def _of_bookings(markers: Collection[str], host: int) -> set[str]:
    uids = [uid for marker in markers if (uid := _uid(marker))]
    shortened = [Q(uid__range=between) for between in _ranges(markers, "Booking BR")]
    if not uids and not shortened:
        return set()
    named = reduce(or_, shortened, Q(uid__in=uids))
    known: set[str] = set()
    for booking in Booking.objects.filter(named, host=host).only("uid"):
        known |= {booking.marker, ical.uid(booking)}
    return known


def _of_applications(markers: Collection[str], host: int) -> set[str]:
    named = [Q(meeting_key__range=between) for between in _ranges(markers, "Event AP")]
    if not named:
        return set()
    return {event.marker for event in ApplicationEvent.objects.filter(reduce(or_, named), host=host)}


def _uid(marker: str) -> UUID | None:
    try:
        return UUID(marker.partition("@")[0])
    except ValueError:
        return None


def _ranges(markers: Collection[str], kind: str) -> Iterator[tuple[UUID, UUID]]:
    """Between which ids those lie that they may mean."""
    for marker in markers:
        found = _MARKER.fullmatch(marker)
        if found and found[1] == kind:
            yield UUID(found[2] + "0" * _REST), UUID(found[2] + "f" * _REST)

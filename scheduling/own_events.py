"""Which events in a host's calendars stand for bookings that he hosts, so that their time is not counted twice."""

import re
from collections.abc import Collection, Iterator
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from scheduling import ical
from scheduling.models import Booking

_MARKER = re.compile(r"Booking BR-([0-9A-F]{12})", re.ASCII)
_REST = 20
"""Digits of a uid that its marker leaves out."""


def among(markers: Collection[str], *, host: int) -> set[str]:
    """host: the id of the User. markers: references of events (Booking.marker) and iCalendar UIDs."""
    uids = [uid for marker in markers if (uid := _uid(marker))]
    shortened = [Q(uid__gte=first, uid__lte=last) for marker in markers for first, last in _range(marker)]
    if not uids and not shortened:
        return set()
    named = reduce(or_, shortened, Q(uid__in=uids))
    known: set[str] = set()
    for booking in Booking.objects.filter(named, host=host).only("uid"):
        known |= {booking.marker, ical.uid(booking)}
    return known & set(markers)


def _uid(marker: str) -> UUID | None:
    try:
        return UUID(marker.partition("@")[0])
    except ValueError:
        return None


def _range(marker: str) -> Iterator[tuple[UUID, UUID]]:
    """Between which uids the booking lies that it may mean."""
    if found := _MARKER.fullmatch(marker):
        yield UUID(found[1] + "0" * _REST), UUID(found[1] + "f" * _REST)

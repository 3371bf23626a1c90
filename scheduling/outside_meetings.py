"""Does: keeps what members hold with their connected accounts beside their bookings: webinars, and meetings that were
made there. Only looked at, never touched.
"""

import re
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from integrations import conferencing, queries, retries
from integrations.models import Connection, Seat
from integrations.types import Fact, ListedMeeting
from outbox import intents, outbox
from scheduling import texts
from scheduling.models import ApplicationEvent, EventMeeting, FormerMeeting, Meeting, OutsideKind, OutsideMeeting

KIND = "outside_meetings"
OURS = re.compile(r"(Booking BR|Event EV|Event AP)-[0-9A-F]{12}\b")
"""How what we made begins to describe itself."""
MOST, MOST_TITLE, MOST_URL = 1000, 300, 2000
_SHOWN = ("kind", "title", "start", "end", "join_url", "host")


def want_all() -> None:
    """The regular look."""
    for connection in _connections().filter(ended_at=None):
        want(connection)


def want(connection: Connection) -> None:
    """Events of a calendar are read there."""
    if _connections().filter(pk=connection.pk).exists() and not conferencing.keeps_events(connection):
        outbox.want(KIND, connection.pk)


def hear(provider: str, external_id: str) -> None:
    """The provider says that one of those we know was changed: look at once."""
    named = OutsideMeeting.objects.filter(external_id=external_id, connection__grant__provider=provider)
    for connection_id in set(named.values_list("connection", flat=True)):
        outbox.want(KIND, connection_id)


@intents.settles(KIND)
def settle(connection_id: int) -> None:
    related = "grant", "organization", "membership__user"
    connection = Connection.objects.select_related(*related).filter(pk=connection_id).first()
    if connection is None or not connection.is_usable:
        return
    for host in _hosts(connection):
        with retries.left_to_the_outbox():
            _read(connection, host)


def forget(connection: Connection) -> None:
    OutsideMeeting.objects.filter(connection=connection).delete()


def facts(connection: Connection) -> list[Fact]:
    """Why webinars are missing, if they are."""
    unseen = conferencing.webinars_unseen(connection)
    return [Fact(_("Webinars"), unseen)] if unseen else []


def _connections() -> QuerySet[Connection]:
    return queries.holding_meetings(Connection.objects.select_related("grant"))


def _hosts(connection: Connection) -> list[User]:
    """Whose meetings are looked at: the member's own, or of those who have a place in the account."""
    if connection.membership is not None:
        return [connection.membership.user]
    seats = Seat.objects.filter(connection=connection, removed_at=None).exclude(external_id="")
    return [seat.membership.user for seat in seats.select_related("membership__user")]


def _read(connection: Connection, host: User) -> None:
    named = None if connection.membership else host
    listed = list(_rows(connection, host, conferencing.list_meetings(connection, host=named), OutsideKind.MEETING))
    listed += _rows(connection, host, conferencing.list_webinars(connection, host=named), OutsideKind.WEBINAR)
    _keep(connection, host, {row.external_id: row for row in listed[:MOST]})


def _rows(
    connection: Connection, host: User, listed: Iterable[ListedMeeting], kind: OutsideKind
) -> Iterator[OutsideMeeting]:
    """Those to come that are not held for a booking or an event."""
    coming = [one for one in listed if one.start + one.duration > now() and len(one.external_id) <= 200]
    ours = _ours(connection.grant.provider) if coming else set()
    for one in coming:
        if one.external_id not in ours and not OURS.match(one.agenda):
            yield OutsideMeeting(
                connection=connection,
                host=host,
                external_id=one.external_id,
                kind=kind,
                title=texts.line(one.topic)[:MOST_TITLE],
                start=one.start,
                end=one.start + one.duration,
                join_url=one.join_url if _is_link(one.join_url) else "",
            )


def _ours(place: str) -> set[str]:
    """The ids of coming meetings that we made there."""
    moment = now()
    held = [
        Meeting.objects.filter(place=place, booking__end__gt=moment),
        ApplicationEvent.objects.filter(place=place, end__gt=moment),
        EventMeeting.objects.filter(place=place, end__gt=moment),
        FormerMeeting.objects.filter(connection__grant__provider=place, event__end__gt=moment),
    ]
    return {found for rows in held for found in rows.exclude(external_id="").values_list("external_id", flat=True)}


@transaction.atomic
def _keep(connection: Connection, host: User, rows: dict[str, OutsideMeeting]) -> None:
    """Only what changed is written: each change redraws his booking pages."""
    if not Connection.objects.select_for_update(of=("self",)).filter(pk=connection.pk, ended_at=None).exists():
        return
    known = {row.external_id: row for row in OutsideMeeting.objects.filter(connection=connection, host=host)}
    changed = [row for key, row in rows.items() if key not in known or _shown(known[key]) != _shown(row)]
    if changed:
        OutsideMeeting.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["connection", "external_id"], update_fields=_SHOWN
        )
    gone = [row.pk for key, row in known.items() if key not in rows]
    if gone:
        OutsideMeeting.objects.filter(pk__in=gone).delete()


def _shown(row: OutsideMeeting) -> list[object]:
    return [getattr(row, name) for name in _SHOWN]


def _is_link(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= MOST_URL

"""The front door for meetings: the floor above names a connection, never a provider.

Each call may raise AuthorizationLost, RateLimited, ProviderUnavailable or RequestRejected, and must not be made inside
a transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _
from requests import Session

from accounts.models import User
from integrations import grants, registry, seats, sessions
from integrations.exceptions import RequestRejected
from integrations.models import Connection, LastCall
from integrations.providers.base import Conferencing
from integrations.types import CreatedMeeting, ListedMeeting, MeetingRequest


def create_meeting(connection: Connection, request: MeetingRequest, *, host: User | None = None) -> CreatedMeeting:
    """Not idempotent: after an unclear answer look with find_meeting first.

    host: who holds it, where the connection is an organization's.
    """
    with _as(connection, LastCall.MADE) as (http, meetings):
        return meetings.create_meeting(http, seats.account_of(http, connection, host), request)


def find_meeting(
    connection: Connection, request: MeetingRequest, *, since: datetime, host: User | None = None
) -> CreatedMeeting | None:
    """What an unclear answer of after `since` left behind, found by the request's marker."""
    with _as(connection, LastCall.LOOKED) as (http, meetings):
        return meetings.find_meeting(http, seats.account_of(http, connection, host), request, since=since)


def update_meeting(connection: Connection, external_id: str, request: MeetingRequest) -> CreatedMeeting:
    """RequestRejected with `missing` if somebody deleted it at the provider."""
    with _as(connection, LastCall.MOVED) as (http, meetings):
        return meetings.update_meeting(http, external_id, request)


def read_meeting(connection: Connection, external_id: str) -> ListedMeeting | None:
    """As it is at the provider now; None if it is gone."""
    with _as(connection, LastCall.LOOKED) as (http, meetings):
        return meetings.read_meeting(http, external_id)


def list_meetings(connection: Connection, *, host: User | None = None) -> list[ListedMeeting]:
    """All that are to come in this account, to compare ours with."""
    with _as(connection, LastCall.LOOKED) as (http, meetings):
        return meetings.list_meetings(http, seats.account_of(http, connection, host))


def list_webinars(connection: Connection, *, host: User | None = None) -> list[ListedMeeting]:
    """Those to come; none where the provider has none, or the account does not let us see them."""
    webinars = registry.webinars(connection.grant.provider)
    if webinars is None or not webinars.permits(frozenset(connection.grant.scopes)):
        return []
    with _as(connection, LastCall.LOOKED) as (http, _meetings):
        return webinars.list_webinars(http, seats.account_of(http, connection, host))


def webinars_unseen(connection: Connection) -> str:
    """Why webinars are not seen there, in a sentence; empty if they are, or there are none."""
    webinars = registry.webinars(connection.grant.provider)
    return str(webinars.unallowed) if webinars and not webinars.permits(frozenset(connection.grant.scopes)) else ""


def delete_meeting(connection: Connection, external_id: str) -> None:
    """Gone already is deleted too."""
    with _as(connection, LastCall.REMOVED) as (http, meetings):
        meetings.delete_meeting(http, external_id)


def place(connection: Connection) -> str:
    """What people call a meeting there."""
    return registry.place(connection.grant.provider)


def keeps_events(connection: Connection) -> bool:
    """Its meetings are events of a calendar."""
    meetings = registry.connectable(connection.grant.provider).conferencing
    return meetings is not None and meetings.keeps_events


@contextmanager
def _as(connection: Connection, call: LastCall) -> Iterator[tuple[Session, Conferencing]]:
    meetings = registry.connectable(connection.grant.provider).conferencing
    if meetings is None:
        raise RequestRejected(_("No meetings can be held with this account. Choose another place."))
    with sessions.of(connection) as http:
        yield http, meetings
    grants.note(connection.grant, call)

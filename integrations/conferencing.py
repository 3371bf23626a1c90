"""The front door for meetings: the floor above names a connection, never a provider.

Each call may raise AuthorizationLost, RateLimited, ProviderUnavailable or RequestRejected, and must not be made inside
a transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from accounts.models import User
from integrations import grants, seats, sessions
from integrations.models import Connection, LastCall
from integrations.sessions import Authorized
from integrations.types import CreatedMeeting, ListedMeeting, MeetingRequest


def create_meeting(connection: Connection, request: MeetingRequest, *, host: User | None = None) -> CreatedMeeting:
    """Not idempotent: after an unclear answer look with find_meeting first.

    host: who holds it, where the connection is an organization's.
    """
    with _as(connection, LastCall.MADE) as http:
        return http.provider.conferencing.create_meeting(http, seats.account_of(http, connection, host), request)


def find_meeting(
    connection: Connection, request: MeetingRequest, *, since: datetime, host: User | None = None
) -> CreatedMeeting | None:
    """What an unclear answer of after `since` left behind, found by the request's marker."""
    with _as(connection, LastCall.LOOKED) as http:
        whose = seats.account_of(http, connection, host)
        return http.provider.conferencing.find_meeting(http, whose, request, since=since)


def update_meeting(connection: Connection, external_id: str, request: MeetingRequest) -> CreatedMeeting:
    """RequestRejected with `missing` if somebody deleted it at the provider."""
    with _as(connection, LastCall.MOVED) as http:
        return http.provider.conferencing.update_meeting(http, external_id, request)


def read_meeting(connection: Connection, external_id: str) -> ListedMeeting | None:
    """As it is at the provider now; None if it is gone."""
    with _as(connection, LastCall.LOOKED) as http:
        return http.provider.conferencing.read_meeting(http, external_id)


def list_meetings(connection: Connection, *, host: User | None = None) -> list[ListedMeeting]:
    """All that are to come in this account, to compare ours with."""
    with _as(connection, LastCall.LOOKED) as http:
        return http.provider.conferencing.list_meetings(http, seats.account_of(http, connection, host))


def delete_meeting(connection: Connection, external_id: str) -> None:
    """Gone already is deleted too."""
    with _as(connection, LastCall.REMOVED) as http:
        http.provider.conferencing.delete_meeting(http, external_id)


@contextmanager
def _as(connection: Connection, call: LastCall) -> Iterator[Authorized]:
    with sessions.of(connection) as http:
        yield http
    grants.note(connection.grant, call)

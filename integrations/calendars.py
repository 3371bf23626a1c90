"""The front door for calendars: what closes times, the last look, and events written and removed.

Calls that go to a provider may raise AuthorizationLost, RateLimited, ProviderUnavailable or RequestRejected, and must
not be made inside a transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _
from requests import Session

from accounts.models import Membership
from integrations import grants, instants, policies, registry, sessions
from integrations.exceptions import RequestRejected
from integrations.models import Calendar, CalendarSettings, Connection, LastCall
from integrations.providers.calendaring import Calendaring
from integrations.types import Event, EventRequest, ListedCalendar, Permission


def settings_of(membership: Membership) -> CalendarSettings:
    """As saved, else the defaults (not saved)."""
    found = CalendarSettings.objects.filter(membership=membership).first()
    return found or CalendarSettings(membership=membership)


def receiving(membership: Membership) -> Calendar | None:
    """The calendar that new bookings of his are written to; None if he chose none, or wants no sync."""
    if not settings_of(membership).sync:
        return None
    return Calendar.objects.filter(membership=membership, receives=True).select_related("connection__grant").first()


def may(connection: Connection, permission: Permission) -> bool:
    """The account allows it, and the organization has asked for it."""
    provider = registry.connectable(connection.grant.provider)
    return permission in connection.asked & provider.permits(frozenset(connection.grant.scopes))


def may_write(calendar: Calendar) -> bool:
    """Through an account that opens everybody's mailbox it is the organization alone that decides."""
    connection = calendar.connection
    if connection.is_shared:
        return calendar.can_write and Permission.CALENDAR_WRITE in policies.of(connection.organization).permissions
    return calendar.can_write and may(connection, Permission.CALENDAR_WRITE)


def span(calendar: Calendar, event: Event) -> tuple[datetime, datetime]:
    """When an event of this calendar is, in UTC."""
    return instants.of(calendar, event)


def list_calendars(connection: Connection, *, account: str = "") -> list[ListedCalendar]:
    """account: the mailbox whose calendars they are, where the connection opens several."""
    with _as(connection, LastCall.CALENDARS, account=account) as (http, calendaring):
        return calendaring.list_calendars(http)


def events(calendar: Calendar, start: datetime, end: datetime) -> list[Event]:
    """As they stand at the provider now."""
    with opened(calendar, LastCall.CALENDARS) as (http, calendaring):
        return calendaring.events(http, calendar.external_id, start, end)


def read_event(calendar: Calendar, external_id: str) -> Event | None:
    with opened(calendar, LastCall.CALENDARS) as (http, calendaring):
        return calendaring.read_event(http, calendar.external_id, external_id)


def create_event(calendar: Calendar, request: EventRequest) -> Event:
    """Asked again with the same reference, it is still one event."""
    _require_write(calendar)
    with opened(calendar, LastCall.EVENT_WRITTEN) as (http, calendaring):
        return calendaring.create_event(http, calendar.external_id, request)


def update_event(calendar: Calendar, external_id: str, request: EventRequest) -> Event:
    """RequestRejected with `missing` if somebody deleted it."""
    _require_write(calendar)
    with opened(calendar, LastCall.EVENT_WRITTEN) as (http, calendaring):
        return calendaring.update_event(http, calendar.external_id, external_id, request)


def delete_event(calendar: Calendar, external_id: str) -> None:
    """Gone already is deleted too."""
    _require_write(calendar)
    with opened(calendar, LastCall.EVENT_REMOVED) as (http, calendaring):
        calendaring.delete_event(http, calendar.external_id, external_id)


@contextmanager
def opened(calendar: Calendar, call: LastCall) -> Iterator[tuple[Session, Calendaring]]:
    with _as(calendar.connection, call, account=calendar.account) as found:
        yield found


@contextmanager
def _as(connection: Connection, call: LastCall, *, account: str = "") -> Iterator[tuple[Session, Calendaring]]:
    calendaring = registry.connectable(connection.grant.provider).calendaring
    if calendaring is None:
        raise RequestRejected(_("This account has no calendars."))
    if not policies.allows(connection, mailbox=account):
        raise RequestRejected(_("Your organization does not want this account to be used for calendars any more."))
    with sessions.of(connection, acting_for=account) as http:
        yield http, calendaring
    grants.note(connection.grant, call)


def _require_write(calendar: Calendar) -> None:
    if not may_write(calendar):
        raise RequestRejected(_("Bridge may only look at this calendar, not change it. Allow it, or choose another."))

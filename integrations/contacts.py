"""The front door for contacts. Calls that go to a provider may raise our four errors; not inside a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from requests import Session

from integrations import calendars, grants, policies, registry, sessions
from integrations.exceptions import RequestRejected
from integrations.models import CalendarPolicy, Connection, LastCall
from integrations.providers.calendaring import Contacts
from integrations.types import Contact, ContactPage, ContactRequest, Permission


def may(connection: Connection, permission: Permission, policy: CalendarPolicy | None = None) -> bool:
    """It is a member's own, has contacts, allows it, and his organization wants it. policy: its, if it is at hand."""
    if connection.is_shared or registry.connectable(connection.grant.provider).contacts is None:
        return False
    policy = policy or policies.of(connection.organization)
    return calendars.may(connection, permission) and policies.misfit(policy, connection) is None


def changes(connection: Connection, *, since: str = "") -> Iterator[ContactPage]:
    """What changed after the sync token `since`; without it, everybody. Raises SyncTokenLost."""
    with _as(connection, Permission.CONTACTS_READ, LastCall.CONTACTS) as (http, contacts):
        yield from contacts.changes(http, since=since)


def create(connection: Connection, request: ContactRequest) -> Contact:
    """Whoever is there with this address already is taken instead, where the provider can tell."""
    with _as(connection, Permission.CONTACTS_WRITE, LastCall.CONTACT_MADE) as (http, contacts):
        return contacts.create_contact(http, request)


@contextmanager
def _as(connection: Connection, permission: Permission, call: LastCall) -> Iterator[tuple[Session, Contacts]]:
    contacts = registry.connectable(connection.grant.provider).contacts
    if contacts is None or not may(connection, permission):
        raise RequestRejected(_("Bridge may not do this with the contacts of this account."))
    with sessions.of(connection) as http:
        yield http, contacts
    grants.note(connection.grant, call)

"""The front door for contacts. Calls that go to a provider may raise our four errors; not inside a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from requests import Session

from integrations import grants, registry, sessions
from integrations.exceptions import RequestRejected
from integrations.models import Connection, LastCall
from integrations.providers.calendaring import Contacts
from integrations.types import Contact, ContactRequest


def create(connection: Connection, request: ContactRequest) -> Contact:
    with opened(connection, LastCall.CONTACT_MADE) as (http, contacts):
        return contacts.create_contact(http, request)


@contextmanager
def opened(connection: Connection, call: LastCall) -> Iterator[tuple[Session, Contacts]]:
    contacts = registry.connectable(connection.grant.provider).contacts
    if contacts is None:
        raise RequestRejected(_("This account has no contacts that Bridge can read."))
    with sessions.of(connection) as http:
        yield http, contacts
    grants.note(connection.grant, call)

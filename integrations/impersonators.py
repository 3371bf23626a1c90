"""One account of an organization's server that opens every member's mailbox, so that members need no password."""

from dataclasses import replace

from django.db import transaction

from accounts import audit, organizations
from accounts.models import Act, Organization, User
from integrations import calendars, connections, password_connections, policies, policy_changes, registry
from integrations.exceptions import ProviderError
from integrations.models import Calendar, CalendarPolicy, Connection, Grant
from integrations.providers.base import PasswordProvider
from integrations.types import Login


def set_up(organization: Organization, provider: PasswordProvider, login: Login, *, by: User) -> Connection:
    """Try the way in, and keep it for everybody, instead of what was there. Raises our four errors; then nothing is
    kept or changed.
    """
    barred = policies.no_password_at(organization)
    found, identity = password_connections.tried(provider, replace(login, no_password_at=barred))
    with transaction.atomic():
        organizations.lock(organization)
        connection = _kept(organization, password_connections.keep(provider, found, identity))
        wanted = policies.of(organization)
        _hand_on(wanted.impersonator, connection)
        wanted.impersonator, wanted.ews_url, wanted.ews_version = connection, found.address, found.version
        policy_changes.save(wanted, by=by)
        audit.note(organization, Act.CONNECTION_CONNECTED, by=by, subject=registry.label(provider.key))
    return connection


def trouble(connection: Connection, mailbox: str) -> str:
    """What happens when it opens somebody's mailbox: a sentence, or nothing if all is well."""
    try:
        calendars.list_calendars(connection, account=mailbox)
    except ProviderError as error:
        return error.sentence
    return ""


def without(policy: CalendarPolicy) -> CalendarPolicy:
    """As it would be saved if members sign in themselves."""
    policy.impersonator = None
    return policy


def _kept(organization: Organization, grant: Grant) -> Connection:
    connection, new = Connection.objects.get_or_create(organization=organization, membership=None, grant=grant)
    if not new:
        connections.renew(connection, grant, connection.asked)
    return connection


def _hand_on(former: Connection | None, connection: Connection) -> None:
    """Another account of the same server opens the same mailboxes: nobody has to do anything."""
    if former is not None and former != connection and former.grant.api_url == connection.grant.api_url:
        Calendar.objects.filter(connection=former).update(connection=connection)

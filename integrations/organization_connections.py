"""One connection for a whole organization: connected once, every member has it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from accounts import audit
from accounts.models import Act, Organization, User
from integrations import connections, queries, registry, seats
from integrations.models import Connection, Grant


def establish(organization: Organization, grant: Grant, *, by: User | None) -> Connection:
    """The one connection of this organization at this provider, renewed if there is one; a seat for each member.

    In a transaction of the caller's that holds the organization's lock.
    """
    known = queries.shared_connections(organization).filter(grant__provider=grant.provider).first()
    if known is None:
        audit.note(organization, Act.CONNECTION_CONNECTED, by=by, subject=registry.label(grant.provider))
        known = Connection.objects.create(organization=organization, grant=grant)
    else:
        _renew(known, grant, by)
    seats.give(known)
    return known


def disconnect(connection: Connection, *, by: User) -> None:
    """For everybody who has it; meetings that exist and their links stay, accounts of members' own are left alone."""
    with locked(connection.organization):
        connections.disconnect(connection, by=by)


def let_members_remove(connection: Connection, allowed: bool, *, by: User) -> None:
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(members_may_remove=allowed)
        audit.note(connection.organization, Act.POLICY_CHANGED, by=by, members_may_remove=allowed)


@contextmanager
def locked(organization: Organization) -> Iterator[None]:
    """A transaction in which nobody else changes what the organization is connected to."""
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        yield


def _renew(connection: Connection, grant: Grant, by: User | None) -> None:
    is_another_account = connection.grant.account_id != grant.account_id
    connections.renew(connection, grant)
    if is_another_account:
        seats.forget(connection)
    audit.note(connection.organization, Act.CONNECTION_RENEWED, by=by, subject=registry.label(grant.provider))

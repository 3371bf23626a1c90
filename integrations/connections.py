"""Connecting an account, renewing it, letting it go."""

import logging
from typing import cast

from django.db import transaction

from accounts import audit, organizations
from accounts.models import Act, Membership, User
from integrations import authorizations, defaults, grants, policies, prompts, registry, revocations, uses, vendor_apps
from integrations.models import AuthorizationRequest, Connection, Grant
from integrations.providers.base import NOTHING
from integrations.signals import connection_going, connection_made, connection_restored
from integrations.types import App, AppKind, EndReason, Identity, Permission, Token, Use

logger = logging.getLogger(__name__)


def complete(asked: AuthorizationRequest, *, code: str) -> Connection:
    """The person came back with a code: whose is it, and may it be connected? Nothing is stored if not."""
    membership = cast(Membership, asked.membership)
    app = vendor_apps.app_for(membership.organization, registry.oauth(asked.provider), AppKind.PERSONAL)
    token, identity = authorizations.exchanged(app, asked, code=code)
    permissions = frozenset(Permission(name) for name in asked.permissions)
    return _kept(membership, app, token, identity, permissions, renewed=asked.connection)


def connect(membership: Membership, provider_key: str, token: Token, identity: Identity) -> Connection:
    """Store who authorized, by the provider's id for him; the same account again is renewed and stays one row.

    Raises RequestRejected, having given the access back, if the account is of no use to Bridge, or not wanted by the
    organization.
    """
    provider = registry.oauth(provider_key)
    app = vendor_apps.app_for(membership.organization, provider, AppKind.PERSONAL)
    return _kept(membership, app, token, identity, policies.permissions(membership.organization, provider))


@transaction.atomic
def disconnect(connection: Connection, *, by: User) -> None:
    """Let go of one connection; meetings that exist stay. With the last one the access is given back, in its own time.

    Doing it twice, with a dead token or while the provider is down makes no difference.
    """
    organizations.lock(connection.organization)
    grant = Grant.objects.select_for_update(of=("self",)).filter(connections=connection.pk).first()
    if grant is None:
        return
    connection_going.send(sender=Connection, connection=connection)
    defaults.fall_back(connection)
    Connection.objects.filter(pk=connection.pk).delete()
    logger.info("User %s disconnected connection %s", by.pk, connection.pk)
    audit.note(connection.organization, Act.CONNECTION_DISCONNECTED, by=by, subject=registry.label(grant.provider))
    transaction.on_commit(lambda: grants.tell_end(connection, EndReason.DISCONNECTED))
    revocations.let_go_if_unused(grant)


def uses_of(connection: Connection, *, host: User | None = None) -> list[Use]:
    """What relies on it, as the floors above know it; of `host`'s alone, where it is an organization's."""
    return uses.of(connection, host=host)


def _kept(
    membership: Membership,
    app: App,
    token: Token,
    identity: Identity,
    permissions: frozenset[Permission],
    *,
    renewed: Connection | None = None,
) -> Connection:
    authorizations.require_use(app, token, identity, permissions)
    try:
        with transaction.atomic():
            organizations.lock(membership.organization)
            policies.require(membership, registry.oauth(app.provider), permissions, email=identity.email)
            grant = authorizations.keep(app, token, identity, permissions)
            return attach(membership, grant, permissions, renewed=renewed)
    except policies.Refused:
        authorizations.turn_away(app, token, identity)
        raise


def attach(
    membership: Membership, grant: Grant, permissions: frozenset[Permission], *, renewed: Connection | None = None
) -> Connection:
    """He uses this grant from now on, or again; in the caller's transaction, which has locked his organization."""
    connection = _known(membership, grant) or _forgotten(membership, renewed)
    act = Act.CONNECTION_RENEWED if connection else Act.CONNECTION_CONNECTED
    if connection is None:
        connection = Connection.objects.create(
            organization=membership.organization, membership=membership, grant=grant, permissions=sorted(permissions)
        )
        transaction.on_commit(lambda: connection_made.send_robust(sender=Connection, connection=connection))
    else:
        renew(connection, grant, permissions)
    audit.note(membership.organization, act, by=membership.user, subject=registry.label(grant.provider))
    if registry.connectable(grant.provider).calendaring:
        prompts.answered(membership)
    return connection


def _known(membership: Membership, grant: Grant) -> Connection | None:
    """His connection to this very account, perhaps by another app."""
    his = Connection.objects.filter(membership=membership, grant__provider=grant.provider)
    return his.filter(grant__external_id=grant.external_id).select_related("grant").last()


def _forgotten(membership: Membership, renewed: Connection | None) -> Connection | None:
    """The one he wanted to reconnect, if its account was erased since: nobody can tell whether it is the same."""
    his = Connection.objects.filter(membership=membership, grant__erased_at__isnull=False)
    return his.filter(pk=renewed.pk).select_related("grant").first() if renewed else None


def renew(connection: Connection, grant: Grant, permissions: frozenset[Permission] = NOTHING) -> None:
    """Back in use, in the caller's transaction. Others that ended with the grant must be connected again themselves."""
    former = connection.grant
    connection.grant, connection.ended_at, connection.ended_status = grant, None, ""
    connection.alerts_sent, connection.permissions = 0, sorted(permissions)
    connection.save(update_fields=["grant", "ended_at", "ended_status", "alerts_sent", "permissions"])
    transaction.on_commit(lambda: _tell_restored(connection))
    if former.pk != grant.pk:  # Bridge's app was exchanged for another
        revocations.let_go_if_unused(Grant.objects.select_for_update().get(pk=former.pk))


def _tell_restored(connection: Connection) -> None:
    connection_restored.send_robust(sender=Connection, connection=connection)

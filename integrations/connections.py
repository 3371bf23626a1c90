"""Connecting an account, renewing it, letting it go."""

import logging
from typing import cast

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from integrations import defaults, grants, oauth, registry, revocations, sessions
from integrations.exceptions import ProviderError, RequestRejected
from integrations.models import AuthorizationRequest, Connection, Grant, GrantStatus, LastCall
from integrations.providers.base import OAuthProvider
from integrations.signals import connection_going, connection_in_use, connection_restored
from integrations.types import EndReason, Identity, Token, Use

logger = logging.getLogger(__name__)


def complete(asked: AuthorizationRequest, *, code: str) -> Connection:
    """The person came back with a code: whose is it, and may it be connected? Nothing is stored if not."""
    provider = registry.oauth(asked.provider)
    token = oauth.exchange(provider, asked, code=code)
    try:
        with sessions.by(provider, token) as http:
            identity = provider.identify(http)
    except ProviderError:
        _give_back(provider, token)
        raise
    return connect(asked.membership, provider.key, token, identity)


def connect(membership: Membership, provider_key: str, token: Token, identity: Identity) -> Connection:
    """Store who authorized, by the provider's id for him; the same account again is renewed and stays one row.

    Raises RequestRejected, having given the access back, if the account is of no use to Bridge.
    """
    provider = registry.oauth(provider_key)
    if problem := _problem(provider, token, identity):
        _give_back(provider, token)
        _end_known(provider, identity)
        raise problem
    return _connect(membership, provider, token, identity)


@transaction.atomic
def disconnect(connection: Connection, *, by: User) -> None:
    """Let go of one connection; meetings that exist stay. With the last one the access is given back, in its own time.

    Doing it twice, with a dead token or while the provider is down makes no difference.
    """
    grant = Grant.objects.select_for_update(of=("self",)).filter(connections=connection.pk).first()
    if grant is None:
        return
    connection_going.send(sender=Connection, connection=connection)
    defaults.fall_back(connection)
    Connection.objects.filter(pk=connection.pk).delete()
    logger.info("User %s disconnected connection %s", by.pk, connection.pk)
    transaction.on_commit(lambda: grants.tell_end(connection, EndReason.DISCONNECTED))
    revocations.let_go_if_unused(grant)


def uses_of(connection: Connection) -> list[Use]:
    """What relies on it, as the floors above know it."""
    answers = connection_in_use.send(sender=Connection, connection=connection)
    return [use for _receiver, uses in answers for use in cast("list[Use]", uses)]


def _problem(provider: OAuthProvider, token: Token, identity: Identity) -> RequestRejected | None:
    if identity.paid is False:
        sentence = _(
            "%(email)s is a free %(provider)s account. Bridge needs a paid plan: ask for a licence, then connect again."
        )
        return RequestRejected(sentence % {"email": identity.email, "provider": provider.label})
    if missing := provider.missing_scopes(token.scopes) if token.scopes else frozenset():
        wanted = ", ".join(str(scope.sentence) for scope in provider.scopes if scope.name in missing)
        sentence = _("Not everything was allowed that Bridge needs at %(provider)s. Missing: %(wanted)s.")
        return RequestRejected(
            sentence % {"provider": provider.label, "wanted": wanted}, detail=" ".join(sorted(missing))
        )
    return None


@transaction.atomic
def _connect(membership: Membership, provider: OAuthProvider, token: Token, identity: Identity) -> Connection:
    grant = _authorized(provider, token, identity)
    known = Connection.objects.filter(membership=membership, grant__provider=provider.key)
    connection = known.filter(grant__external_id=identity.external_id).select_related("grant").last()
    if connection is None:
        return Connection.objects.create(organization=membership.organization, membership=membership, grant=grant)
    _renew(connection, grant)
    transaction.on_commit(lambda: _tell_restored(connection))
    return connection


def _authorized(provider: OAuthProvider, token: Token, identity: Identity) -> Grant:
    """The one grant of this app and this person, with the newest tokens: the provider has killed all earlier ones."""
    whose = {"client_id": provider.client[0], "external_id": identity.external_id}
    made, _new = Grant.objects.get_or_create(**whose, defaults={"provider": provider.key})
    grant = Grant.objects.select_for_update().get(pk=made.pk)
    grant.account_id, grant.email, grant.name = identity.account_id, identity.email, identity.name
    grant.paid, grant.scopes = identity.paid, [scope.name for scope in provider.scopes]
    grant.status, grant.ended_at, grant.refreshing_until = GrantStatus.ACTIVE, None, None
    grant.authorized_at = grant.last_call_at = now()
    grant.last_call = LastCall.CONNECTED
    grant.set_token(token)
    grant.save()
    return grant


def _renew(connection: Connection, grant: Grant) -> None:
    """Only this connection comes back; others that ended with the grant must be connected again themselves."""
    former = connection.grant
    connection.grant, connection.ended_at, connection.ended_status = grant, None, ""
    connection.save(update_fields=["grant", "ended_at", "ended_status"])
    if former.pk != grant.pk:  # Bridge's app was exchanged for another
        revocations.let_go_if_unused(Grant.objects.select_for_update().get(pk=former.pk))


def _tell_restored(connection: Connection) -> None:
    connection_restored.send_robust(sender=Connection, connection=connection)


def _give_back(provider: OAuthProvider, token: Token) -> None:
    """At once and once: nothing is stored that could be tried again later."""
    try:
        oauth.revoke(provider, token.access_token)
    except ProviderError as error:
        logger.warning("Access that was not wanted could not be given back: %s", type(error).__name__)


def _end_known(provider: OAuthProvider, identity: Identity) -> None:
    """The authorization that was refused has killed the tokens of the one before it."""
    known = Grant.objects.filter(client_id=provider.client[0], external_id=identity.external_id).first()
    if known is not None:
        grants.end(known, EndReason.ENDED)

"""Accounts that were authorized by a link: each arrives, and an admin of the organization confirms or declines it."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from accounts import audit
from accounts.models import Act, Organization, User
from integrations import authorizations, queries, registry, revocations, setup_links, vendor_apps
from integrations.models import Arrival, AuthorizationRequest, Connection, Grant, SetupLink
from integrations.organization_connections import establish, locked
from integrations.types import App, AppKind, Identity, Token

PATIENCE = timedelta(hours=72)
"""How long an account that arrived waits for an admin's word."""


class NotThere(Exception):
    """The account that arrived was confirmed or declined already, or its access has ended meanwhile."""


def complete(asked: AuthorizationRequest, *, code: str) -> Connection | None:
    """Somebody came back by a link: the connection, renewed by the account that it has; None if an admin must confirm.

    Nothing is stored if the account is of no use, and the link stays open. Raises Closed, StateRefused, or one of our
    four errors.
    """
    link = _link(asked)
    setup_links.require_open(link)
    app = vendor_apps.app_for(link.organization, registry.oauth(asked.provider), AppKind.ORGANIZATION)
    token, identity = authorizations.exchanged(app, asked, code=code)
    authorizations.require_use(app, token, identity)
    try:
        return _arrive(link, app, token, identity)
    except setup_links.Closed:
        _let_go(app, token, identity)
        raise


def confirm(organization: Organization, uid: UUID, *, by: User) -> Connection:
    """The account that arrived is the organization's from now on. Raises NotThere."""
    with locked(organization):
        arrival = _waiting(organization, uid)
        if not arrival.grant.is_alive:
            raise NotThere
        grant = arrival.grant
        audit.note(organization, Act.ARRIVAL_CONFIRMED, by=by, subject=registry.label(grant.provider))
        connection = establish(organization, grant, by=by)
        arrival.delete()
        return connection


def decline(organization: Organization, uid: UUID, *, by: User) -> None:
    """Its access is given back. Raises NotThere."""
    with locked(organization):
        arrival = _waiting(organization, uid)
        audit.note(organization, Act.ARRIVAL_DECLINED, by=by, subject=registry.label(arrival.grant.provider))
        _send_away(arrival)


def expire() -> None:
    """What nobody has confirmed in time is given back."""
    for arrival in Arrival.objects.filter(arrived_at__lt=now() - PATIENCE).select_related("organization"):
        with locked(arrival.organization):
            for still_there in Arrival.objects.filter(pk=arrival.pk).select_related("grant"):
                label = registry.label(still_there.grant.provider)
                audit.note(arrival.organization, Act.ARRIVAL_DECLINED, subject=label, expired=True)
                _send_away(still_there)


def _arrive(link: SetupLink, app: App, token: Token, identity: Identity) -> Connection | None:
    organization = link.organization
    with locked(organization):
        setup_links.use_up(link)
        grant = authorizations.keep(app, token, identity)
        audit.note(organization, Act.SETUP_LINK_USED, subject=registry.label(grant.provider))
        present = queries.shared_connections(organization).filter(grant__provider=grant.provider).first()
        if present is not None and present.grant.external_id == grant.external_id:
            return establish(organization, grant, by=None)
        Arrival.objects.update_or_create(
            organization=organization, grant=grant, defaults={"link": link, "arrived_at": now()}
        )
        return None


def _let_go(app: App, token: Token, identity: Identity) -> None:
    """Too late for the link. If we know the account, its tokens are dead since and these are kept in their place."""
    known = Grant.objects.filter(client_id=app.client_id, external_id=identity.external_id, ended_at=None)
    if known.exists():
        with transaction.atomic():
            authorizations.keep(app, token, identity)
    else:
        authorizations.give_back(app, token)


def _send_away(arrival: Arrival) -> None:
    arrival.delete()
    revocations.let_go_if_unused(Grant.objects.select_for_update().get(pk=arrival.grant_id))


def _waiting(organization: Organization, uid: UUID) -> Arrival:
    found = Arrival.objects.filter(organization=organization, uid=uid).select_related("grant").first()
    if found is None:
        raise NotThere
    return found


def _link(asked: AuthorizationRequest) -> SetupLink:
    assert asked.link_id is not None
    return SetupLink.objects.select_related("organization", "issued_by__user").get(pk=asked.link_id)

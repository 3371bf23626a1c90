"""Giving access back: owed by the outbox once nobody uses a grant any more, best effort, and forgotten after a day."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from accounts import encryption
from integrations import grants, oauth, registry, sessions, vendor_apps, watches
from integrations.exceptions import AuthorizationLost, ProviderError, RateLimited
from integrations.models import Grant, GrantStatus
from integrations.providers.base import OAuthProvider
from integrations.types import AppKind, Token
from outbox import intents, outbox

logger = logging.getLogger(__name__)

PATIENCE = timedelta(days=1)
"""How long we try to give access back before we forget it all the same."""


def let_go_if_unused(grant: Grant) -> None:
    """Keep the sealed tokens until they are revoked; without tokens there is nothing to revoke."""
    if grant.is_used:
        return
    if not grant.sealed_refresh_token:
        grant.delete()
        return
    grant.status, grant.ended_at = GrantStatus.REVOKED, now()
    grant.save(update_fields=["status", "ended_at"])
    outbox.want("revocation", grant.pk)


def give_back_unused() -> None:
    """Grants whose last connection went with its member or organization; those being given back are left to it."""
    alive, without_tokens = Q(ended_at=None), Q(sealed_refresh_token="")
    for grant in Grant.objects.filter(alive | without_tokens, connections=None, arrivals=None):
        with transaction.atomic():
            for still_there in Grant.objects.select_for_update().filter(pk=grant.pk):
                let_go_if_unused(still_there)


@intents.settles("revocation")
def settle_revocation(grant_id: int) -> None:
    """Give the access back and forget it, unless the account was connected again meanwhile."""
    grant = Grant.objects.filter(pk=grant_id, connections=None, arrivals=None).exclude(ended_at=None).first()
    if grant is None:
        return
    try:
        _revoke(grant)
    except AuthorizationLost:
        logger.info("%s had ended at the provider already", grant)
    except ProviderError as error:
        _be_patient(grant, error)
    _forget(grant)


def _revoke(grant: Grant) -> None:
    if grant.kind == AppKind.PASSWORD:
        return  # there is nothing to give back, it is only forgotten
    provider = registry.oauth(grant.provider)
    try:
        app = vendor_apps.app_of(grant)
        _stop_watches(provider, grant)
        if grant.is_fresh(now()) and oauth.revoke(provider, app, grant.access_token):
            return
        oauth.revoke(provider, app, grants.rotate(grant))
    except vendor_apps.Exchanged:
        logger.info("%s is not given back: its app was exchanged for another", grant)
    except encryption.Undecipherable:
        logger.warning("%s cannot be given back: its tokens cannot be read", grant)


def _stop_watches(provider: OAuthProvider, grant: Grant) -> None:
    """What it asked to be told, while the provider still knows us. Best effort: what comes later is let pass."""
    if not grant.watches.exists():
        return
    access = grant.access_token if grant.is_fresh(now()) else grants.rotate(grant)
    token = Token(access, "", timedelta(0), now(), frozenset(), grant.api_url)
    try:
        with sessions.by(provider, token) as http:
            watches.stop_with(http, grant)
    except ProviderError as error:
        logger.info("Watches of %s could not be stopped: %s", grant, type(error).__name__)


def _be_patient(grant: Grant, error: ProviderError) -> None:
    if grant.ended_at and now() - grant.ended_at < PATIENCE:
        after = error.retry_after if isinstance(error, RateLimited) else None
        raise intents.Later(error.sentence, after=after) from error
    logger.warning("%s could not be given back within a day and is forgotten", grant)


@transaction.atomic
def _forget(grant: Grant) -> None:
    """The row goes, unless somebody has connected it again since."""
    current = Grant.objects.select_for_update().filter(pk=grant.pk, authorized_at=grant.authorized_at).first()
    if current is not None and not current.is_used:
        current.delete()

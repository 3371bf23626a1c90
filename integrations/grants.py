"""A grant's life: a live access token whoever asks, one refresh at a time, and an end that is told once."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit, encryption
from accounts.models import Act, Organization
from integrations import alerts, app_alerts, defaults, erasures, oauth, registry, states, vendor_apps
from integrations.exceptions import AuthorizationLost, OperatorNeeded, ProviderError, ProviderUnavailable
from integrations.models import Connection, Grant, GrantStatus, LastCall
from integrations.signals import connection_ended
from integrations.types import AppKind, EndReason, Token

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
WAIT = timedelta(seconds=30)
PAUSE = 0.05
IDLE_LIFE = timedelta(days=90)

STATUS_AFTER = {
    EndReason.DISCONNECTED: GrantStatus.REVOKED,
    EndReason.REVOKED: GrantStatus.REVOKED,
    EndReason.EXPIRED: GrantStatus.EXPIRED,
    EndReason.ENDED: GrantStatus.ENDED,
    EndReason.ROLE_LOST: GrantStatus.ROLE_LOST,
}


def access_token(grant: Grant, *, instead_of: str = "") -> str:
    """A token the provider should accept; not `instead_of`, which it has refused.

    Never inside a transaction: what Zoom has rotated must not be rolled back here. Raises our four errors.
    """
    deadline = time.monotonic() + WAIT.total_seconds()
    while time.monotonic() < deadline:
        current = _current(grant)
        if current.is_fresh(now()) and _opened(current) != instead_of:
            return _opened(current)
        if _lease(current):
            return _refreshed(current)
        time.sleep(PAUSE)
    raise ProviderUnavailable(_("Access is just being renewed. Bridge tries again in a moment."), reached=False)


def refuse(grant: Grant, token: str) -> None:
    """The provider does not take `token` although it is fresh: if it is still the one we have, the grant is over."""
    current = _current(grant)
    if _opened(current) == token:
        end(current, EndReason.ENDED)
        raise AuthorizationLost(states.sentence(current))


def refuse_password(grant: Grant) -> None:
    """It was changed at the service, or never right: nobody tries it again, before the account gets locked there."""
    end(grant, EndReason.EXPIRED)


@transaction.atomic
def end(grant: Grant, reason: EndReason) -> None:
    """The one place where a grant ends: no tokens any more, its connections marked, and whoever cares is told, once.

    `grant` is as it was judged: if its tokens have been renewed meanwhile, the judgement was about others, and nothing
    happens. Who took the access back himself wants nothing of him kept: his data goes with it, and defaults fall back.
    """
    _lock_organizations(grant)
    current = Grant.objects.select_for_update(of=("self",)).filter(pk=grant.pk, ended_at=None).first()
    if current is None or current.sealed_refresh_token != grant.sealed_refresh_token:
        return
    grant.end(STATUS_AFTER[reason])
    for connection in grant.connections.filter(ended_at=None).select_related("organization", "membership__user"):
        _end_connection(connection, grant, reason)
    if reason == EndReason.REVOKED:
        erasures.erase(grant)


def renew(grant: Grant) -> None:
    """Ahead of its time, unless somebody else is at it."""
    current = _current(grant)
    if _lease(current):
        _refreshed(current)


def rotate(grant: Grant) -> str:
    """A last access token for a grant that nobody uses any more, to give it back with; commits the new pair."""
    token = oauth.refresh(registry.oauth(grant.provider), vendor_apps.app_of(grant), grant.refresh_token)
    _store(grant, token)
    return token.access_token


def note(grant: Grant, call: LastCall) -> None:
    """The proof that it works."""
    alive = Grant.objects.filter(pk=grant.pk, ended_at=None)
    alive.update(last_call=call, last_call_at=now(), status=GrantStatus.ACTIVE)


def lacks(grant: Grant, scopes: frozenset[str]) -> None:
    """The provider says that these were not granted after all."""
    provider, kind = registry.oauth(grant.provider), AppKind(grant.kind)
    granted = set(grant.scopes)
    if not provider.calendaring:  # older, wider ones are noted as what they cover
        granted = {scope.name for scope in provider.scopes(kind)} - provider.missing_scopes(frozenset(granted), kind)
    Grant.objects.filter(pk=grant.pk).update(scopes=sorted(granted - scopes))


def _end_connection(connection: Connection, grant: Grant, reason: EndReason) -> None:
    connection.ended_at, connection.ended_status = grant.ended_at, grant.status
    connection.save(update_fields=["ended_at", "ended_status"])
    audit.note(
        connection.organization, Act.CONNECTION_ENDED, subject=registry.label(grant.provider), reason=reason.value
    )
    alerts.tell(connection)
    if reason == EndReason.REVOKED:
        defaults.fall_back(connection)
    transaction.on_commit(lambda: tell_end(connection, reason))


def _lock_organizations(grant: Grant) -> None:
    """First and in order, as everybody who writes into their books."""
    used_by = grant.connections.filter(ended_at=None).values("organization")
    list(Organization.objects.select_for_update().filter(pk__in=used_by).order_by("pk"))


def tell_end(connection: Connection, reason: EndReason) -> None:
    connection_ended.send_robust(sender=Connection, connection=connection, reason=reason)


def _current(grant: Grant) -> Grant:
    current = Grant.objects.filter(pk=grant.pk).first()
    if current is None:
        raise AuthorizationLost(_("The account is not connected any more."))
    if not current.is_alive:
        raise AuthorizationLost(states.sentence(current))
    return current


def _opened(grant: Grant) -> str:
    try:
        return grant.access_token
    except encryption.Undecipherable as error:
        raise _misconfigured(grant, _key_is_lost()) from error


def _lease(grant: Grant) -> bool:
    """Be the one who refreshes these tokens. `durable` refuses to run inside the caller's transaction."""
    moment = now()
    with transaction.atomic(durable=True):
        mine = Grant.objects.filter(Q(refreshing_until=None) | Q(refreshing_until__lte=moment), pk=grant.pk)
        mine = mine.filter(sealed_refresh_token=grant.sealed_refresh_token, ended_at=None)
        return bool(mine.update(refreshing_until=moment + LEASE))


def _refreshed(grant: Grant) -> str:
    provider = registry.oauth(grant.provider)
    try:
        token = oauth.refresh(provider, vendor_apps.app_of(grant), grant.refresh_token)
    except encryption.Undecipherable as error:
        raise _misconfigured(grant, _key_is_lost()) from error
    except AuthorizationLost as lost:
        return _after_refusal(grant, lost)
    except OperatorNeeded as needed:
        raise _misconfigured(grant, needed.sentence, detail=needed.detail) from needed
    except ProviderError:
        _release(grant)
        raise
    _store(grant, token)
    return _opened(_current(grant))


def _store(grant: Grant, token: Token) -> None:
    """Commit the rotated pair before anybody uses it; a newer authorization in the row goes before ours."""
    sent = grant.sealed_refresh_token
    grant.set_token(token)
    with transaction.atomic(durable=True):
        Grant.objects.filter(pk=grant.pk, sealed_refresh_token=sent).update(
            sealed_access_token=grant.sealed_access_token,
            sealed_refresh_token=grant.sealed_refresh_token,
            expires_at=grant.expires_at,
            scopes=grant.scopes,
            api_url=grant.api_url,
            refreshed_at=token.received_at,
            refreshing_until=None,
        )
    Grant.objects.filter(pk=grant.pk, status=GrantStatus.MISCONFIGURED).update(status=GrantStatus.ACTIVE)


def _after_refusal(grant: Grant, lost: AuthorizationLost) -> str:
    """`invalid_grant`: did somebody else rotate or reconnect meanwhile? Only then is it not over."""
    current = _current(grant)
    if current.sealed_refresh_token != grant.sealed_refresh_token:
        return _opened(current)
    end(current, _reason(grant))
    raise AuthorizationLost(states.sentence(current), detail=lost.detail) from lost


def _reason(grant: Grant) -> EndReason:
    """Why the provider may have refused to renew it; it does not say. Credentials alone were taken back by nobody."""
    last = max(filter(None, (grant.refreshed_at, grant.authorized_at)))
    if grant.kind == AppKind.SERVER:
        return EndReason.ENDED
    if now() - last > IDLE_LIFE:
        return EndReason.EXPIRED
    return EndReason.ROLE_LOST if grant.kind == AppKind.ORGANIZATION else EndReason.REVOKED


def _misconfigured(grant: Grant, sentence: str, *, detail: str = "") -> OperatorNeeded:
    """The operator has to mend something; the tokens stay, and the next try that works makes it active again."""
    mine = Grant.objects.filter(pk=grant.pk, status=GrantStatus.ACTIVE)
    with transaction.atomic():
        if mine.update(status=GrantStatus.MISCONFIGURED):
            logger.error("%s cannot be used because of our own settings: %s", grant, detail or sentence)
            app_alerts.tell(grant)
    _release(grant)
    return OperatorNeeded(sentence, detail=detail)


def _key_is_lost() -> str:
    return _("Bridge’s encryption key has changed; whoever runs Bridge must restore it.")


def _release(grant: Grant) -> None:
    Grant.objects.filter(pk=grant.pk, sealed_refresh_token=grant.sealed_refresh_token).update(refreshing_until=None)

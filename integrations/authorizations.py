"""What came back from a provider: whose access it is, whether it may be kept, and the one grant that keeps it."""

import logging

from django.utils.timezone import now
from django.utils.translation import gettext as _

from integrations import grants, oauth, registry, sessions
from integrations.exceptions import ProviderError, RequestRejected
from integrations.models import AuthorizationRequest, Grant, GrantStatus, LastCall
from integrations.providers.base import NOTHING, OAuthProvider
from integrations.types import App, AppKind, EndReason, Identity, Permission, Token

logger = logging.getLogger(__name__)


class Unpaid(RequestRejected):
    """A free account."""


class NotAdmin(RequestRejected):
    """Somebody else has to do it."""


class TooLittle(RequestRejected):
    """Not everything was allowed that Bridge needs."""


def exchanged(app: App, asked: AuthorizationRequest, *, code: str) -> tuple[Token, Identity]:
    """The person came back with a code: his tokens, and who he is. Nothing is stored."""
    provider = registry.oauth(app.provider)
    token = oauth.exchange(provider, app, asked, code=code)
    return token, identified(app, token)


def identified(app: App, token: Token) -> Identity:
    """Whose token it is; one that the provider does not explain is given back."""
    provider = registry.oauth(app.provider)
    try:
        with sessions.by(provider, token) as http:
            return provider.identify(http, app)
    except ProviderError:
        give_back(app, token)
        raise


def require_use(app: App, token: Token, identity: Identity, permissions: frozenset[Permission] = NOTHING) -> None:
    """Raises RequestRejected, having given the access back, if the account is of no use to Bridge."""
    if found := problem(app, token, identity, permissions):
        turn_away(app, token, identity)
        raise found


def turn_away(app: App, token: Token, identity: Identity) -> None:
    """It is not wanted: given back, unless the same person's access is in use elsewhere and would end with it."""
    known = Grant.objects.filter(client_id=app.client_id, external_id=identity.external_id).first()
    if known and known.is_alive and known.is_used and not registry.oauth(app.provider).rotates:
        return
    give_back(app, token)
    if known is not None:
        grants.end(known, EndReason.ENDED)


def problem(
    app: App, token: Token, identity: Identity, permissions: frozenset[Permission] = NOTHING
) -> RequestRejected | None:
    """Why the account is of no use to Bridge, if so."""
    provider = registry.oauth(app.provider)
    if app.kind == AppKind.PERSONAL and identity.paid is False:
        sentence = _(
            "%(email)s is a free %(provider)s account. Bridge needs a paid plan: ask for a licence, then connect again."
        )
        return Unpaid(sentence % {"email": identity.email, "provider": provider.label})
    if app.kind == AppKind.ORGANIZATION and not identity.is_admin:
        sentence = _(
            "%(email)s is not an admin of the %(provider)s account: somebody who is has to do this. Nothing was kept."
        )
        return NotAdmin(sentence % {"email": identity.email, "provider": provider.label})
    return _too_little(provider, app, token, permissions)


def keep(app: App, token: Token, identity: Identity, permissions: frozenset[Permission] = NOTHING) -> Grant:
    """The one grant of this app and this person, with the newest tokens: the provider has killed all earlier ones.

    In the caller's transaction; somebody whose data was erased is known again.
    """
    provider = registry.oauth(app.provider)
    grant = _locked(app, identity)
    grant.kind, grant.app_id = app.kind.value, app.own
    grant.account_id, grant.email, grant.name = identity.account_id, identity.email, identity.name
    grant.paid, grant.scopes = identity.paid, [scope.name for scope in provider.scopes(app.kind, permissions)]
    grant.status, grant.ended_at, grant.refreshing_until = GrantStatus.ACTIVE, None, None
    grant.check_problem, grant.erased_at = "", None
    grant.authorized_at = grant.last_call_at = now()
    grant.last_call = LastCall.CONNECTED
    grant.set_token(token)
    grant.save()
    return grant


def give_back(app: App, token: Token) -> None:
    """At once and once: nothing is stored that could be tried again later."""
    try:
        oauth.revoke(registry.oauth(app.provider), app, token.access_token)
    except ProviderError as error:
        logger.warning("Access that was not wanted could not be given back: %s", type(error).__name__)


def _locked(app: App, identity: Identity) -> Grant:
    known = Grant.objects.filter(client_id=app.client_id)
    known.filter(external_id=Grant.trace(app.client_id, identity.external_id)).update(external_id=identity.external_id)
    made, _new = known.get_or_create(
        external_id=identity.external_id, defaults={"client_id": app.client_id, "provider": app.provider}
    )
    return Grant.objects.select_for_update(of=("self",)).get(pk=made.pk)


def _too_little(
    provider: OAuthProvider, app: App, token: Token, permissions: frozenset[Permission]
) -> RequestRejected | None:
    missing = provider.missing_scopes(token.scopes, app.kind, permissions) if token.scopes else frozenset()
    if not missing:
        return None
    wanted = ", ".join(str(scope.sentence) for scope in provider.scopes(app.kind, permissions) if scope.name in missing)
    sentence = _("Not everything was allowed that Bridge needs at %(provider)s. Missing: %(wanted)s.")
    return TooLittle(sentence % {"provider": provider.label, "wanted": wanted}, detail=" ".join(sorted(missing)))

"""The OAuth dance: who is sent to a provider, who comes back, what tokens we get for it (RFC 6749, 7636, 7009).

The state that travels is bound to session, person, organization, level and purpose, lives ten minutes and is used once.
"""

import contextlib
import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TypedDict, Unpack
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from oauthlib.oauth2 import WebApplicationClient
from requests_oauthlib import OAuth2Session

from accounts import encryption
from accounts.models import Membership, User
from integrations import policies, transport, vendor_apps
from integrations.exceptions import AuthorizationLost, ProviderUnavailable, RateLimited
from integrations.models import AuthorizationRequest, Connection, HostedRequest, Level, Purpose, SetupLink
from integrations.providers.base import OAuthProvider
from integrations.types import App, AppKind, Permission, Token

KEEP = timedelta(days=1)


class _Whose(TypedDict, total=False):
    """For whom an authorization is asked."""

    level: Level
    purpose: Purpose
    membership: Membership
    link: SetupLink
    connection: Connection | None
    permissions: list[str]
    hosted: HostedRequest | None


class StateRefused(Exception):
    """Whoever came back did not start here, or came too late or twice. `asked`: what he had started, if it was he."""

    def __init__(self, asked: AuthorizationRequest | None = None) -> None:
        super().__init__()
        self.asked = asked


class Stale(StateRefused):
    pass


class Used(StateRefused):
    pass


def start(
    provider: OAuthProvider,
    membership: Membership,
    *,
    session_key: str,
    return_to: str,
    connection: Connection | None = None,
    hosted: HostedRequest | None = None,
) -> str:
    """The provider's address to send this person to, who is remembered until he comes back. Raises OperatorNeeded.

    hosted: whose application has sent him here.
    """
    app = vendor_apps.app_for(membership.organization, provider, AppKind.PERSONAL)
    return _remember(
        provider,
        app,
        session_key=session_key,
        return_to=return_to,
        level=Level.PERSONAL,
        membership=membership,
        purpose=Purpose.RECONNECT if connection else Purpose.CONNECT,
        connection=connection,
        hosted=hosted,
        permissions=sorted(policies.permissions(membership.organization, provider)),
    )


def start_by_link(provider: OAuthProvider, link: SetupLink, *, session_key: str, return_to: str) -> str:
    """The same for whoever follows the link, with the app that acts for a whole organization."""
    app = vendor_apps.app_for(link.organization, provider, AppKind.ORGANIZATION)
    return _remember(
        provider,
        app,
        session_key=session_key,
        return_to=return_to,
        level=Level.ORGANIZATION,
        purpose=Purpose.CONNECT,
        link=link,
    )


def finish(
    state: str, *, provider: OAuthProvider, session_key: str, level: Level, user: User | None = None
) -> AuthorizationRequest:
    """What this state was given out for; it is used up by this. Raises StateRefused.

    `user` must be who started it for himself; whoever follows a link need not be known.
    """
    whose = Q(membership__user=user) if level == Level.PERSONAL else Q(membership=None)
    asked = AuthorizationRequest.objects.filter(whose, state_hash=_hash(state), provider=provider.key, level=level)
    related = "membership__organization", "link__organization", "hosted__application__organization"
    found = asked.select_related(*related).first()
    if found is None or not hmac.compare_digest(found.session_hash, _hash(session_key)):
        raise StateRefused
    if not AuthorizationRequest.objects.filter(pk=found.pk, used_at=None).update(used_at=now()):
        raise Used(found)
    if found.is_stale:
        raise Stale(found)
    return found


def exchange(provider: OAuthProvider, app: App, asked: AuthorizationRequest, *, code: str) -> Token:
    """The tokens for a code. Raises StateRefused if `app` is not the one that he was sent to."""
    if asked.client_id != app.client_id:
        raise StateRefused
    verifier = encryption.decrypt(asked.sealed_verifier, owner=asked.state_hash)
    client = WebApplicationClient(app.client_id)
    body = client.prepare_request_body(
        code=code, redirect_uri=redirect_uri(provider, app.kind), code_verifier=verifier, include_client_id=False
    )
    return provider.read_token(_post(provider, app, provider.token_url, body))


def refresh(provider: OAuthProvider, app: App, refresh_token: str) -> Token:
    """A new pair; where they rotate, the refresh token is dead afterwards, even if the answer gets lost."""
    if app.kind == AppKind.SERVER:
        return by_credentials(provider, app)
    body = WebApplicationClient(app.client_id).prepare_refresh_body(refresh_token=refresh_token)
    kept = "" if provider.rotates else refresh_token
    return provider.read_token(_post(provider, app, provider.token_url, body), renewed_by=kept)


def by_credentials(provider: OAuthProvider, app: App) -> Token:
    """A token for an account by the app's credentials alone; it is renewed in the same way."""
    body = urlencode(provider.credentials_request(app))
    return provider.read_token(_post(provider, app, provider.token_url, body), renewed_by=app.account_id)


def probe(provider: OAuthProvider, app: App) -> None:
    """Show client id, secret and redirect address to the provider, with a code that nobody was given.

    Returns if it only minds the code; raises OperatorNeeded if it minds one of ours.
    """
    body = WebApplicationClient(app.client_id).prepare_request_body(
        code=secrets.token_urlsafe(16), redirect_uri=redirect_uri(provider, app.kind), include_client_id=False
    )
    with contextlib.suppress(AuthorizationLost):
        provider.read_token(_post(provider, app, provider.token_url, body))


def revoke(provider: OAuthProvider, app: App, access_token: str) -> bool:
    """Give the access back. False: the provider did not know the token, so there was nothing to give."""
    if not provider.revoke_url:
        return True
    response = _post(provider, app, provider.revoke_url, urlencode({"token": access_token}))
    problem = provider.problem(response)
    if isinstance(problem, RateLimited | ProviderUnavailable):
        raise problem
    return problem is None


def redirect_uri(provider: OAuthProvider, kind: AppKind) -> str:
    """Must equal the one registered at the provider, to the last slash. One for each kind, so that none is mixed up."""
    name = "connect_callback" if kind == AppKind.PERSONAL else "connect_organization_callback"
    return settings.BASE_URL + reverse(name, args=[provider.key])


def _remember(provider: OAuthProvider, app: App, *, session_key: str, return_to: str, **whose: Unpack[_Whose]) -> str:
    state = secrets.token_urlsafe(32)
    permissions = whose.get("permissions", [])
    address, verifier = _request(provider, app, state, frozenset(Permission(name) for name in permissions))
    AuthorizationRequest.objects.filter(created_at__lt=now() - KEEP).delete()
    AuthorizationRequest.objects.create(
        state_hash=_hash(state),
        session_hash=_hash(session_key),
        provider=provider.key,
        client_id=app.client_id,
        sealed_verifier=encryption.encrypt(verifier, owner=_hash(state)),
        return_to=return_to,
        **whose,
    )
    return address


def _request(provider: OAuthProvider, app: App, state: str, permissions: frozenset[Permission]) -> tuple[str, str]:
    """The address that asks for authorization, and the code verifier that goes with it (RFC 7636)."""
    besides = provider.authorization_parameters(app.kind, permissions)
    scope, back = besides.pop("scope", None), redirect_uri(provider, app.kind)
    with OAuth2Session(app.client_id, redirect_uri=back, scope=scope, pkce="S256") as http:
        address, _state = http.authorization_url(provider.authorize_url, state=state, **besides)
        return address, str(http._code_verifier)  # type: ignore[attr-defined]  # it has no public name


def _post(provider: OAuthProvider, app: App, url: str, body: str) -> requests.Response:
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    with requests.Session() as http:
        return transport.send(
            http.request, "POST", url, name=str(provider.label), data=body, headers=headers, auth=app.credentials
        )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

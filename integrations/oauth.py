"""The OAuth dance: who is sent to a provider, who comes back, what tokens we get for it (RFC 6749, 7636, 7009).

The state that travels is bound to session, person, organization, level and purpose, lives ten minutes and is used once.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from oauthlib.oauth2 import WebApplicationClient
from requests_oauthlib import OAuth2Session

from accounts import encryption
from accounts.models import Membership, User
from integrations import transport
from integrations.exceptions import ProviderUnavailable, RateLimited
from integrations.models import AuthorizationRequest, Connection, Level, Purpose
from integrations.providers.base import OAuthProvider
from integrations.types import Token

KEEP = timedelta(days=1)


class StateRefused(Exception):
    """Whoever came back did not start here, or came too late or twice."""


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
) -> str:
    """The provider's address to send this person to, who is remembered until he comes back."""
    state = secrets.token_urlsafe(32)
    address, verifier = _request(provider, state)
    AuthorizationRequest.objects.filter(created_at__lt=now() - KEEP).delete()
    AuthorizationRequest.objects.create(
        state_hash=_hash(state),
        session_hash=_hash(session_key),
        membership=membership,
        provider=provider.key,
        level=Level.PERSONAL,
        purpose=Purpose.RECONNECT if connection else Purpose.CONNECT,
        connection=connection,
        sealed_verifier=encryption.encrypt(verifier, owner=_hash(state)),
        return_to=return_to,
    )
    return address


def finish(state: str, *, provider: OAuthProvider, session_key: str, user: User, level: Level) -> AuthorizationRequest:
    """What this state was given out for; it is used up by this. Raises StateRefused."""
    found = AuthorizationRequest.objects.filter(
        state_hash=_hash(state), provider=provider.key, level=level, membership__user=user
    ).first()
    if found is None or not hmac.compare_digest(found.session_hash, _hash(session_key)):
        raise StateRefused
    if not AuthorizationRequest.objects.filter(pk=found.pk, used_at=None).update(used_at=now()):
        raise Used
    if found.is_stale:
        raise Stale
    return found


def exchange(provider: OAuthProvider, asked: AuthorizationRequest, *, code: str) -> Token:
    """The tokens for a code."""
    verifier = encryption.decrypt(asked.sealed_verifier, owner=asked.state_hash)
    client = WebApplicationClient(provider.client[0])
    body = client.prepare_request_body(
        code=code, redirect_uri=redirect_uri(provider), code_verifier=verifier, include_client_id=False
    )
    return provider.read_token(_post(provider, provider.token_url, body))


def refresh(provider: OAuthProvider, refresh_token: str) -> Token:
    """A new pair; the refresh token is dead afterwards, even if the answer gets lost."""
    body = WebApplicationClient(provider.client[0]).prepare_refresh_body(refresh_token=refresh_token)
    return provider.read_token(_post(provider, provider.token_url, body))


def revoke(provider: OAuthProvider, access_token: str) -> bool:
    """Give the access back. False: the provider did not know the token, so there was nothing to give."""
    response = _post(provider, provider.revoke_url, urlencode({"token": access_token}))
    problem = provider.problem(response)
    if isinstance(problem, RateLimited | ProviderUnavailable):
        raise problem
    return problem is None


def redirect_uri(provider: OAuthProvider) -> str:
    """Must equal the one registered at the provider, to the last slash."""
    return settings.BASE_URL + reverse("connect_callback", args=[provider.key])


def _request(provider: OAuthProvider, state: str) -> tuple[str, str]:
    """The address that asks for authorization, and the code verifier that goes with it (RFC 7636).

    Without `scope`: then those set in the app are asked for, and older apps refuse the parameter.
    """
    with OAuth2Session(provider.client[0], redirect_uri=redirect_uri(provider), pkce="S256") as http:
        address, _state = http.authorization_url(provider.authorize_url, state=state)
        return address, str(http._code_verifier)  # type: ignore[attr-defined]  # it has no public name


def _post(provider: OAuthProvider, url: str, body: str) -> requests.Response:
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    with requests.Session() as http:
        return transport.send(
            http.request, "POST", url, name=str(provider.label), data=body, headers=headers, auth=provider.client
        )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""Who asks by the API: an application for a person, a script with a person's key, or an application for itself."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.utils.timezone import now
from oauth2_provider.oauth2_backends import get_oauthlib_core

from accounts import key_format, second_factors
from accounts.models import ApiKey, Application, Consent, Membership
from accounts.scopes import Scope

NOTED = timedelta(minutes=1)
"""How exactly the last use is remembered."""


class Unknown(Exception):
    """No token, or one that is worth nothing (any more)."""


class Barred(Exception):
    """His organization asks for a second factor that he has not set up."""


@dataclass(frozen=True)
class Caller:
    """membership: for whom, and in which organization; None where an application acts for itself.

    scopes: what both the token and the consent (or the key) allow.
    """

    scopes: frozenset[str]
    membership: Membership | None = None
    application: Application | None = None
    key: ApiKey | None = None

    @property
    def name(self) -> str:
        """The same for the same application and person: what is counted and remembered goes by it."""
        who = f"key:{self.key.pk}" if self.key else f"application:{self.application.pk if self.application else 0}"
        return f"{who}:{self.membership.pk if self.membership else 0}"

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes


def of(request: HttpRequest) -> Caller:
    """By the Authorization header alone, never by a cookie. Raises Unknown or Barred."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unknown
    found = _by_key(token) if token.startswith(key_format.START) else _by_token(request)
    if found.membership is not None and second_factors.bars(found.membership):
        raise Barred
    return found


def _by_key(text: str) -> Caller:
    """One with a typing error is seen to be none without looking for it."""
    if not key_format.is_whole(text):
        raise Unknown
    related = "membership__organization", "membership__user"
    key = ApiKey.objects.select_related(*related).filter(secret_hash=key_format.hashed(text)).first()
    if key is None or not key.is_live or not key.membership.user.is_active:
        raise Unknown
    _note(key)
    return Caller(frozenset(key.scopes) - {Scope.WEBHOOKS}, key.membership, key=key)


def _by_token(request: HttpRequest) -> Caller:
    valid, asked = get_oauthlib_core().verify_request(request, scopes=[])
    if not valid:
        raise Unknown
    granted, application = frozenset(asked.scopes), asked.client
    if asked.user is None:
        return Caller(granted & {Scope.WEBHOOKS}, application=application)
    related = "membership__organization", "membership__user"
    consent = Consent.objects.select_related(*related).filter(application=application, user=asked.user).first()
    if consent is None or not asked.user.is_active:
        raise Unknown
    _note(consent)
    return Caller(granted & frozenset(consent.scopes) - {Scope.WEBHOOKS}, consent.membership, application)


def _note(used: ApiKey | Consent) -> None:
    if used.last_used_at is None or now() - used.last_used_at > NOTED:
        type(used).objects.filter(pk=used.pk).update(last_used_at=now())

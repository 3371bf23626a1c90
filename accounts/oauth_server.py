"""What we leave out of the toolkit's OAuth server, and what we add: decision 0033."""

import hashlib
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now
from oauth2_provider.models import AccessToken, Grant, RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.endpoints import (
    AuthorizationEndpoint,
    ResourceEndpoint,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.oauth2.rfc6749.tokens import BearerToken

from accounts.models import Application, Consent
from accounts.scopes import FOR_PEOPLE, Scope


class CodeGrant(AuthorizationCodeGrant):
    """With PKCE by S256 alone: `plain` does not exist."""

    _code_challenge_methods = {"S256": code_challenge_method_s256}


class Server(AuthorizationEndpoint, TokenEndpoint, ResourceEndpoint, RevocationEndpoint):
    """Three grants; implicit, password and device are not switched off but absent."""

    def __init__(
        self,
        request_validator: Any,
        token_expires_in: Any = None,
        token_generator: Any = None,
        refresh_token_generator: Any = None,
        **others: Any,
    ) -> None:
        code = CodeGrant(request_validator)
        bearer: Any = BearerToken(request_validator, token_generator, token_expires_in, refresh_token_generator)
        grants = {
            "authorization_code": code,
            "refresh_token": RefreshTokenGrant(request_validator),
            "client_credentials": ClientCredentialsGrant(request_validator),
        }
        AuthorizationEndpoint.__init__(self, "code", bearer, {"code": code})
        TokenEndpoint.__init__(self, "authorization_code", bearer, grants)
        ResourceEndpoint.__init__(self, "Bearer", {"Bearer": bearer})
        RevocationEndpoint.__init__(self, request_validator)


class Validator(OAuth2Validator):  # type: ignore[misc]  # the toolkit has no types
    """Two secrets while one is renewed; no token without a consent; a code that is used twice ends what it gave."""

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        """The secret of an application, or its former one for a while. An empty one never."""
        if not provided_secret:
            return False
        if super()._check_secret(provided_secret, stored_secret):
            return True
        former = _former_of(stored_secret)
        return bool(former) and bool(super()._check_secret(provided_secret, former))

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Application, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """For a person what he can consent to, for the application itself only its webhooks; something in any case."""
        able = {Scope.WEBHOOKS} if request.grant_type == "client_credentials" else set(FOR_PEOPLE)
        return bool(scopes) and set(scopes) <= able & set(client.permitted_scopes)

    def validate_code(
        self, client_id: str, code: str, client: Application, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """What a used code has given ends when it comes again (RFC 6749, 4.1.2)."""
        if not Grant.objects.filter(code=code).exists():
            end_what_it_gave(code)
            return False
        valid = super().validate_code(client_id, code, client, request, *args, **kwargs)
        return bool(valid) and _consent(client, request.user) is not None

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """Of two at the same moment both lose: nobody knows whose it was."""
        try:
            super().invalidate_authorization_code(client_id, code, request, *args, **kwargs)
        except errors.InvalidGrantError:
            end_what_it_gave(code)
            raise

    def validate_refresh_token(
        self, refresh_token: str, client: Application, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        valid = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return bool(valid) and _consent(client, request.user) is not None

    def get_original_scopes(self, refresh_token: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        """Not more than what is consented to now."""
        scopes = super().get_original_scopes(refresh_token, request, *args, **kwargs)
        consent = _consent(request.client, request.user)
        return [scope for scope in str(scopes).split() if consent is not None and scope in consent.scopes]

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        """Of two refreshes with one token at the same moment the second is a replay."""
        used = getattr(request, "refresh_token_instance", None)
        try:
            with transaction.atomic():
                if used and not RefreshToken.objects.select_for_update().filter(pk=used.pk, revoked=None).exists():
                    raise errors.InvalidGrantError(request=request)
                super().save_bearer_token(token, request, *args, **kwargs)
        except errors.InvalidGrantError:
            RefreshToken.revoke_family(used and used.token_family)
            raise

    def _create_refresh_token(
        self, request: Any, refresh_token_code: str, access_token: Any, previous_refresh_token: Any
    ) -> Any:
        """The family is named after the code, so that the code's second coming finds it."""
        made = super()._create_refresh_token(request, refresh_token_code, access_token, previous_refresh_token)
        if previous_refresh_token is None and request.code:
            made.token_family = _family_of(request.code)
            made.save(update_fields=["token_family"])
        return made

    def _load_access_token(self, token: str) -> Any:
        """Without the picture of its application, which would travel with every request to the API."""
        known = AccessToken.objects.select_related("application", "user").defer("application__logo")
        return known.filter(token_checksum=hashlib.sha256(token.encode()).hexdigest()).first()

    def _check_and_set_request_resource(self, request: Any) -> None:
        """Resource indicators (RFC 8707) are not ours: our tokens are for one API."""
        request.resource = []


def end_what_it_gave(code: str) -> None:
    """A code that comes a second time: somebody else may hold it, or what it gave."""
    RefreshToken.revoke_family(_family_of(code))


def _consent(application: Application, user: Any) -> Consent | None:
    found = Consent.objects.filter(application=application, user=user)
    return found.first() if user is not None and user.is_active else None


def _family_of(code: str) -> UUID:
    return UUID(bytes=hashlib.sha256(code.encode()).digest()[:16])


def _former_of(stored_secret: str) -> str:
    known: Any = Application.objects.filter(client_secret=stored_secret, former_secret_until__gt=now())
    return str(known.values_list("former_secret", flat=True).first() or "")

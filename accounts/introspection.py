"""What an application is told of a token that it holds (RFC 7662): never whose account it is."""

import hashlib
from datetime import datetime
from typing import Any

from django.utils.timezone import now
from oauth2_provider.models import AccessToken, RefreshToken, refresh_token_expire_timedelta

from accounts.models import Application, Consent, Membership
from accounts.scopes import Scope

Said = dict[str, Any]
NOTHING: Said = {"active": False}


def about(token: str, *, asked_by: Application) -> Said:
    """Nothing of other applications' tokens, and of those that are worth nothing any more."""
    own = {"application": asked_by, "token_checksum": hashlib.sha256(token.encode()).hexdigest()}
    access = AccessToken.objects.filter(**own).first()
    if access is not None:
        return _said(access, access.expires, asked_by)
    refresh = RefreshToken.objects.filter(revoked=None, **own).select_related("access_token").first()
    if refresh is None or refresh.access_token is None:
        return NOTHING
    lasts = refresh_token_expire_timedelta()
    return _said(refresh.access_token, refresh.access_token.expires + lasts, asked_by)


def _said(access: Any, expires: datetime, application: Application) -> Said:
    scopes, membership = _worth(access, application)
    if expires <= now() or not scopes:
        return NOTHING
    said: Said = {"active": True, "scope": " ".join(scopes), "client_id": application.client_id}
    said |= {"exp": int(expires.timestamp()), "iat": int(access.created.timestamp())}
    return said | ({"sub": str(membership.uid)} if membership else {})


def _worth(access: Any, application: Application) -> tuple[list[str], Membership | None]:
    """What it may do now, and for whom."""
    granted = access.scope.split()
    if access.user_id is None:
        return [scope for scope in granted if scope == Scope.WEBHOOKS], None
    consent = Consent.objects.filter(application=application, user_id=access.user_id, user__is_active=True)
    found = consent.select_related("membership").first()
    return ([scope for scope in granted if scope in found.scopes], found.membership) if found else ([], None)

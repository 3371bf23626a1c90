"""Connecting an account by name and password."""

import hashlib
from dataclasses import replace

from django.db import transaction
from django.utils.timezone import now

from accounts import organizations
from accounts.models import Membership
from integrations import connections, policies
from integrations.models import Connection, Grant, GrantStatus, LastCall
from integrations.providers.base import PasswordProvider
from integrations.types import AppKind, Identity, Login


def connect(
    membership: Membership, provider: PasswordProvider, login: Login, *, renewed: Connection | None = None
) -> Connection:
    """Try the way in, and keep it for this member. Raises our four errors; then nothing is stored.

    Where his organization does not want it (policies.Refused), the password is not even sent.
    """
    permissions = policies.permissions(membership.organization, provider)
    policies.require(membership, provider, permissions)
    barred = policies.no_password_at(membership.organization)
    found, identity = tried(provider, replace(login, no_password_at=barred))
    with transaction.atomic():
        organizations.lock(membership.organization)
        policies.require(membership, provider, permissions, email=identity.email)
        return connections.attach(membership, keep(provider, found, identity), permissions, renewed=renewed)


def tried(provider: PasswordProvider, login: Login) -> tuple[Login, Identity]:
    """Where the calendars really are, and whose they are."""
    found = provider.find(login)
    with provider.session(found) as http:
        return found, provider.identify(http, found)


def keep(provider: PasswordProvider, login: Login, identity: Identity) -> Grant:
    """The one grant of this name at this address, with the newest password. In the caller's transaction."""
    grant, _new = Grant.objects.select_for_update(of=("self",)).get_or_create(
        client_id=hashlib.sha256(login.address.encode()).hexdigest(),
        external_id=identity.external_id,
        defaults={"provider": provider.key, "kind": AppKind.PASSWORD.value},
    )
    grant.provider, grant.kind, grant.api_url = provider.key, AppKind.PASSWORD.value, login.address
    grant.account_id, grant.email, grant.name = login.username, identity.email, identity.name
    grant.version = login.version
    grant.status, grant.ended_at, grant.erased_at, grant.check_problem = GrantStatus.ACTIVE, None, None, ""
    grant.authorized_at = grant.last_call_at = now()
    grant.last_call = LastCall.CONNECTED
    grant.set_password(login.password)
    grant.save()
    return grant

"""Links that invite somebody else to authorize for a whole organization: for one task, for three days, used once."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from accounts import audit
from accounts.models import Act, Membership, Organization, User
from integrations import queries
from integrations.models import SetupLink

LIFE = timedelta(hours=72)


class Unknown(Exception):
    """Nobody was given this secret."""


class Closed(Exception):
    """The link was used, revoked, or its time is over."""

    def __init__(self, link: SetupLink) -> None:
        super().__init__(str(link))
        self.link = link


@transaction.atomic
def issue(by: Membership, provider_key: str) -> tuple[SetupLink, str]:
    """A new link and its secret, which is shown once; the one that was open before is revoked by it."""
    organization = Organization.objects.select_for_update().get(pk=by.organization_id)
    for earlier in queries.links(organization, provider_key).filter(used_at=None, revoked_at=None):
        revoke(earlier, by=by.user)
    secret = secrets.token_urlsafe(32)
    link = SetupLink.objects.create(
        organization=organization,
        provider=provider_key,
        issued_by=by,
        secret_hash=_hash(secret),
        expires_at=now() + LIFE,
    )
    audit.note(organization, Act.SETUP_LINK_ISSUED, by=by.user, subject=provider_key, expires_at=link.expires_at)
    return link, secret


@transaction.atomic
def revoke(link: SetupLink, *, by: User) -> bool:
    """False: it was not open any more."""
    if not link.is_open or not _open(link).update(revoked_at=now()):
        return False
    audit.note(link.organization, Act.SETUP_LINK_REVOKED, by=by, subject=link.provider)
    return True


def follow(provider_key: str, secret: str) -> SetupLink:
    """The open link that this secret opens. Raises Unknown or Closed."""
    known = SetupLink.objects.select_related("organization", "issued_by__user")
    link = known.filter(provider=provider_key, secret_hash=_hash(secret)).first()
    if link is None:
        raise Unknown
    require_open(link)
    return link


def require_open(link: SetupLink) -> None:
    """Raises Closed; also if whoever made it may not ask for this any more."""
    if not link.is_open or not link.issued_by.is_admin:
        raise Closed(link)


def note_followed(link: SetupLink) -> None:
    """Somebody went on to the provider."""
    SetupLink.objects.filter(pk=link.pk, followed_at=None).update(followed_at=now())


def use_up(link: SetupLink) -> None:
    """Once, whoever is quicker. Raises Closed."""
    if not _open(link).filter(expires_at__gt=now()).update(used_at=now()):
        link.refresh_from_db(fields=["used_at", "revoked_at", "expires_at"])
        raise Closed(link)


def _open(link: SetupLink) -> QuerySet[SetupLink]:
    return SetupLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

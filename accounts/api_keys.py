"""Keys for scripts of one's own: made, shown once, revoked. They end by themselves, and with the membership."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from accounts import audit, key_format, letters, organizations, queries
from accounts.models import Act, ApiKey, Membership, User
from accounts.scopes import Scope
from outbox import intents, outbox

LIVES = (7, 30, 90, 365)
"""Days."""
MOST = 50
"""Of one person that work at the same time."""
REMEMBERED = timedelta(days=90)
"""How long one that works no more is still listed."""


class MadeBefore(Exception):
    """The same form was sent twice; the key was shown then, and cannot be shown again."""


class Gone(Exception):
    """He does not belong to that organization any more."""


@transaction.atomic
def make(
    membership: Membership, *, name: str, scopes: Sequence[Scope], days: int, submission: UUID
) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown once. Raises MadeBefore or Gone."""
    organizations.lock(membership.organization)
    if not queries.memberships(membership.user).filter(pk=membership.pk).exists():
        raise Gone
    if ApiKey.objects.filter(uid=submission).exists():
        raise MadeBefore
    text = key_format.make()
    key = ApiKey.objects.create(
        uid=submission,
        membership=membership,
        name=name,
        start=text[: key_format.SHOWN],
        secret_hash=key_format.hashed(text),
        scopes=[scope.value for scope in scopes],
        expires_at=now() + timedelta(days=days),
    )
    _announce(key, days)
    return key, text


@transaction.atomic
def revoke(key: ApiKey, *, by: User) -> bool:
    """From now on it opens nothing. False: it had ended before."""
    if not key.is_live or not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now()):
        return False
    audit.note(key.membership.organization, Act.API_KEY_REVOKED, by=by, subject=key.name, start=key.start)
    return True


def of(user: User) -> QuerySet[ApiKey]:
    """In all his organizations; newest first."""
    return ApiKey.objects.filter(membership__user=user).select_related("membership__organization", "membership__user")


def live(user: User) -> QuerySet[ApiKey]:
    return of(user).filter(revoked_at=None, expires_at__gt=now())


def ended(user: User) -> QuerySet[ApiKey]:
    """Not long ago."""
    since = now() - REMEMBERED
    return of(user).filter(Q(revoked_at__gt=since) | Q(revoked_at=None, expires_at__gt=since, expires_at__lte=now()))


@intents.settles("api key ends")
def warn(key_id: int) -> None:
    """Tell its owner that it ends soon; once, and not of one that is gone."""
    key = ApiKey.objects.select_related("membership__organization", "membership__user").filter(pk=key_id).first()
    if key is None or not key.is_live:
        return
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key.pk, warned_at=None).update(warned_at=now()):
            letters.warn_of_key(key)


def notice(days: int) -> timedelta:
    """How long before its end its owner is told: a week, but of short ones a day."""
    return timedelta(days=7 if days > 14 else 1)


def _announce(key: ApiKey, days: int) -> None:
    facts = {"start": key.start, "scopes": key.scopes, "expires_at": key.expires_at}
    audit.note(key.membership.organization, Act.API_KEY_MADE, by=key.membership.user, subject=key.name, **facts)
    letters.tell_of_key(key)
    outbox.want("api key ends", key.pk, after=timedelta(days=days) - notice(days))

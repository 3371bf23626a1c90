"""The second factor: who has one, who must have one, and the way back when it is lost."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from accounts import audit, letters, queries
from accounts.models import Act, Membership, Organization, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes alone are none: they only stand in for one of these."""
SEALED = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
"""What is encrypted; a passkey gives us nothing secret."""


class Unprotected(Exception):
    """Whoever asks it of everybody has to have one himself."""


def protects(user: User) -> bool:
    return bool(get_adapter().is_mfa_enabled(user, FACTORS))


def bars(membership: Membership) -> bool:
    """The organization asks for one, and he has none."""
    return membership.organization.requires_second_factor and not protects(membership.user)


def lacking(organization: Organization) -> QuerySet[Membership]:
    """Its members who have none."""
    having = Authenticator.objects.filter(type__in=FACTORS).values("user")
    return queries.members(organization).exclude(user__in=having)


@transaction.atomic
def require(organization: Organization, *, wanted: bool, by: User) -> None:
    """Everybody needs one from the next request on; or nobody any more. Raises Unprotected."""
    if wanted and not protects(by):
        raise Unprotected
    changed = Organization.objects.filter(pk=organization.pk).exclude(requires_second_factor=wanted)
    if changed.update(requires_second_factor=wanted):
        audit.note(organization, Act.SECOND_FACTOR_REQUIRED, by=by, subject=organization.name, required=wanted)
    organization.requires_second_factor = wanted


@transaction.atomic
def reset(user: User) -> None:
    """By the operator, for somebody who has lost everything: the password is enough again, all sessions end."""
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    note(user, Act.FACTOR_RESET, by=None, subject=str(user))
    letters.tell_of_reset(user)


def note(user: User, act: Act, *, by: User | None, subject: str) -> None:
    """In every organization that he belongs to: he may see what is theirs."""
    for membership in queries.memberships(user):
        audit.note(membership.organization, act, by=by, subject=subject)


@transaction.atomic
def reseal(authenticator: Authenticator) -> None:
    """Under the newest key. Raises Undecipherable."""
    held = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    name = SEALED[held.type]
    held.data[name] = get_adapter().encrypt(get_adapter().decrypt(held.data[name]))
    held.save(update_fields=["data"])


def _end_sessions(user: User) -> None:
    """Those that the list does not know too."""
    UserSession.objects.filter(user=user).delete()
    for session in Session.objects.filter(expire_date__gt=now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()

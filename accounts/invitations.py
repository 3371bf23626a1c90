"""Asking people into an organization by mail, and what becomes of it (docs/decisions/0017-invitations.md)."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit, letters, organizations, queries, roles
from accounts.models import Act, Invitation, Membership, Organization, Role, User

LIFE = timedelta(days=7)
PAUSE = timedelta(minutes=5)
"""Between two mails to the same address."""
A_DAY = 200
"""So many mails an organization may send to people who did not ask for them."""


class Unknown(Exception):
    """Nobody was given this secret."""


class Closed(Exception):
    """The invitation was accepted, withdrawn, or its time is over."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__(str(invitation))
        self.invitation = invitation


class NotYours(Exception):
    """It goes to an address that this person has not proven to be his."""


class Refused(Exception):
    """The message says why, for people."""


@transaction.atomic
def invite(by: Membership, addresses: Iterable[str], *, role: Role) -> list[Invitation]:
    """One mail to each address. Raises Refused, having sent nothing; PermissionDenied if `by` may not give the role."""
    organizations.lock(by.organization)
    if role == Role.OWNER or not roles.may_give(by, role):
        raise PermissionDenied(role)
    wanted = [address.lower() for address in addresses]
    _require_strangers(by.organization, wanted)
    _require_moderation(by.organization, wanted)
    return [_invite(by, address, role) for address in wanted]


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> None:
    """With a new secret, for another seven days; the old link is dead. Raises Refused or Closed."""
    organizations.lock(invitation.organization)
    invitation.refresh_from_db()
    if invitation.accepted_at or invitation.withdrawn_at:
        raise Closed(invitation)
    _require_moderation(invitation.organization, [invitation.email])
    _send(invitation, by)
    audit.note(invitation.organization, Act.INVITATION_RESENT, by=by, subject=invitation.email)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> bool:
    """False: it was accepted or withdrawn already."""
    organizations.lock(invitation.organization)
    if not _pending(invitation).update(withdrawn_at=now()):
        return False
    audit.note(invitation.organization, Act.INVITATION_WITHDRAWN, by=by, subject=invitation.email)
    return True


def withdraw_all(inviter: Membership, *, by: User) -> None:
    """Who may not invite any more leaves no open door behind."""
    for invitation in queries.pending_invitations(inviter.organization).filter(invited_by=inviter.user_id):
        withdraw(invitation, by=by)


def follow(secret: str) -> Invitation:
    """The open invitation that this secret opens. Raises Unknown or Closed."""
    known = Invitation.objects.select_related("organization", "invited_by")
    invitation = known.filter(secret_hash=_hash(secret)).first()
    if invitation is None:
        raise Unknown
    if not invitation.is_open:
        raise Closed(invitation)
    return invitation


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Membership:
    """Raises NotYours or Closed. Who belongs there already keeps his role."""
    if not queries.holds(by, invitation.email):
        raise NotYours
    return _join(invitation, by)


@transaction.atomic
def accept_as_newcomer(invitation: Invitation, *, by: User) -> Membership:
    """`by` was made a moment ago with the invited address, which the secret that came by mail proves. Raises Closed."""
    EmailAddress.objects.create(user=by, email=invitation.email, verified=True, primary=True)
    return _join(invitation, by)


def _join(invitation: Invitation, user: User) -> Membership:
    organizations.lock(invitation.organization)
    if not _pending(invitation).filter(expires_at__gt=now()).update(accepted_at=now()):
        invitation.refresh_from_db()
        raise Closed(invitation)
    known = Membership.objects.filter(organization=invitation.organization, user=user).first()
    if known is not None:
        return known
    membership = organizations.add(user, invitation.organization, Role(invitation.role))
    audit.note(invitation.organization, Act.MEMBER_JOINED, by=user, subject=str(user), role=invitation.role)
    return membership


def _invite(by: Membership, address: str, role: Role) -> Invitation:
    """One that has expired comes to life again."""
    earlier = queries.pending_invitations(by.organization).filter(email=address).first()
    invitation = earlier or Invitation(organization=by.organization, email=address)
    if invitation.pk and invitation.is_open:
        raise Refused(_("%(address)s is invited already. You can send that mail again.") % {"address": address})
    invitation.role = role
    _send(invitation, by.user)
    audit.note(by.organization, Act.MEMBER_INVITED, by=by.user, subject=address, role=role.value)
    return invitation


def _send(invitation: Invitation, by: User) -> None:
    secret = secrets.token_urlsafe(32)
    invitation.secret_hash, invitation.invited_by = _hash(secret), by
    invitation.sent_at = now()
    invitation.expires_at = invitation.sent_at + LIFE
    invitation.save()
    letters.invite(invitation, secret, by=by)


def _require_strangers(organization: Organization, addresses: list[str]) -> None:
    proven = EmailAddress.objects.filter(verified=True, user__memberships__organization=organization)
    known = proven.annotate(address=Lower("email")).filter(address__in=addresses).values_list("address", flat=True)
    if known:
        text = _("%(address)s belongs to a member already. Nobody was invited yet.")
        raise Refused(text % {"address": known[0]})


def _require_moderation(organization: Organization, addresses: list[str]) -> None:
    sent = Invitation.objects.filter(organization=organization)
    if sent.filter(sent_at__gt=now() - timedelta(days=1)).count() + len(addresses) > A_DAY:
        raise Refused(
            _("That is more than %(number)s invitations in a day. Please go on tomorrow.") % {"number": A_DAY}
        )
    recent = sent.filter(sent_at__gt=now() - PAUSE, email__in=addresses).values_list("email", flat=True).first()
    if recent:
        text = _("A mail went to %(address)s a moment ago. Please wait five minutes before you send another.")
        raise Refused(text % {"address": recent})


def _pending(invitation: Invitation) -> QuerySet[Invitation]:
    return Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

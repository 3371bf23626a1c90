"""Roles, and the ways out of an organization. There is always an owner."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit, invitations, letters, organizations, roles
from accounts.models import Act, Membership, Role, User
from accounts.signals import member_in_use, member_leaving
from accounts.types import Loss


class LastOwner(Exception):
    """Nobody would own the organization any more."""


class Gone(Exception):
    """He does not belong here any more: somebody else was quicker."""


@transaction.atomic
def change_role(member: Membership, role: Role, *, by: Membership) -> None:
    """Raises LastOwner, or PermissionDenied: only owners make and unmake owners."""
    _look_again(member, by)
    former = member.role
    if former == role:
        return
    _require(roles.may_manage(by, member) and roles.may_give(by, role))
    _set_role(member, role, by.user)
    audit.note(
        member.organization, Act.ROLE_CHANGED, by=by.user, subject=str(member.user), former=former, role=role.value
    )


@transaction.atomic
def hand_over(by: Membership, *, to: Membership) -> None:
    """`to` owns the organization; whoever hands it over stays an admin. Raises PermissionDenied."""
    _look_again(to, by)
    _require(roles.has(by, Role.OWNER) and by != to)
    to.role = Role.OWNER
    to.save(update_fields=["role"])
    _set_role(by, Role.ADMIN, by.user)
    audit.note(by.organization, Act.OWNERSHIP_HANDED_OVER, by=by.user, subject=str(to.user))


@transaction.atomic
def leave(member: Membership, *, cancel_bookings: bool = False) -> None:
    """His account stays. Raises LastOwner."""
    _look_again(member)
    _go(member, by=member.user, cancel_bookings=cancel_bookings)
    audit.note(member.organization, Act.MEMBER_LEFT, by=member.user, subject=str(member.user))


@transaction.atomic
def remove(member: Membership, *, by: Membership, cancel_bookings: bool = False) -> None:
    """His account stays; he is told. Raises LastOwner or PermissionDenied."""
    _look_again(member, by)
    _require(roles.may_manage(by, member))
    _go(member, by=by.user, cancel_bookings=cancel_bookings)
    letters.say_goodbye(member, by=by.user)
    audit.note(member.organization, Act.MEMBER_REMOVED, by=by.user, subject=str(member.user), email=member.user.email)


def losses(member: Membership) -> list[Loss]:
    """What ends or is left behind when he goes, as the floors above know it."""
    answers = member_in_use.send(sender=Membership, membership=member)
    return [loss for _receiver, losses in answers for loss in cast("list[Loss]", losses)]


def is_last_owner(member: Membership) -> bool:
    others = Membership.objects.filter(organization=member.organization_id, role=Role.OWNER).exclude(pk=member.pk)
    return member.is_owner and not others.exists()


def _look_again(*members: Membership) -> None:
    """As they are now, while nobody else changes who is what. Raises Gone."""
    organizations.lock(members[0].organization)
    for member in members:
        try:
            member.refresh_from_db(fields=["role"])
        except Membership.DoesNotExist as gone:
            raise Gone from gone


def _set_role(member: Membership, role: Role, by: User) -> None:
    if role != Role.OWNER and is_last_owner(member):
        raise LastOwner
    member.role = role
    member.save(update_fields=["role"])
    if not member.is_admin:
        invitations.withdraw_all(member, by=by)


def _go(member: Membership, *, by: User, cancel_bookings: bool) -> None:
    if is_last_owner(member):
        raise LastOwner
    invitations.withdraw_all(member, by=by)
    member_leaving.send(sender=Membership, membership=member, by=by, cancel_bookings=cancel_bookings)
    User.objects.filter(pk=member.user_id, last_organization=member.organization_id).update(last_organization=None)
    Membership.objects.filter(pk=member.pk).delete()


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied

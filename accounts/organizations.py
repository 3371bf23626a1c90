"""Found an organization, rename it, know which one a person works in."""

import secrets

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import audit, queries
from accounts.models import Act, Membership, Organization, Role, User
from accounts.signals import member_joined


@transaction.atomic
def found(user: User, *, name: str = "") -> Membership:
    """A new organization with `user` as its owner."""
    name = (name or _("%(person)s's organization") % {"person": user})[:120]
    organization = Organization.objects.create(name=name, slug=_free_slug(name))
    audit.note(organization, Act.ORGANIZATION_FOUNDED, by=user, subject=name)
    return add(user, organization, Role.OWNER)


@transaction.atomic
def add(user: User, organization: Organization, role: Role) -> Membership:
    """He belongs to it from now on, and works in it next. Whoever cares hears of it after the commit."""
    membership = Membership.objects.create(organization=organization, user=user, role=role)
    remember(membership)
    transaction.on_commit(lambda: _announce(membership))
    return membership


@transaction.atomic
def rename(organization: Organization, *, name: str, by: User) -> None:
    """Its address stays, so that links do."""
    former, organization.name = organization.name, name
    if former == name:
        return
    organization.save(update_fields=["name"])
    audit.note(organization, Act.ORGANIZATION_RENAMED, by=by, subject=name, former=former)


def current(user: User) -> Membership:
    """The membership used last, else the first; somebody without any founds his own."""
    mine = queries.memberships(user)
    last = mine.filter(organization=user.last_organization_id).first() if user.last_organization_id else None
    return last or mine.first() or found(user)


def remember(membership: Membership) -> None:
    if membership.user.last_organization_id != membership.organization_id:
        membership.user.last_organization = membership.organization
        membership.user.save(update_fields=["last_organization"])


def lock(organization: Organization) -> None:
    """One after the other, where roles and seats at the table are given and taken; in the caller's transaction."""
    Organization.objects.select_for_update().get(pk=organization.pk)


def _announce(membership: Membership) -> None:
    member_joined.send_robust(sender=Membership, membership=membership)


def _free_slug(name: str) -> str:
    wish = slugify(name)[:30].strip("-") or "organization"
    taken = Organization.objects.filter(slug=wish).exists()
    return f"{wish}-{secrets.token_hex(3)}" if taken else wish

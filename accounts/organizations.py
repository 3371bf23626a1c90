"""Found an organization; know which one a person works in."""

import secrets

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import queries
from accounts.models import Membership, Organization, Role, User


@transaction.atomic
def found(user: User, *, name: str = "") -> Membership:
    """A new organization with `user` as its owner."""
    name = name or _("%(person)s's organization") % {"person": user}
    organization = Organization.objects.create(name=name[:120], slug=_free_slug(name))
    membership = Membership.objects.create(organization=organization, user=user, role=Role.OWNER)
    remember(membership)
    return membership


def current(user: User) -> Membership:
    """The membership used last, else the first; somebody without any founds his own."""
    mine = queries.memberships(user)
    last = mine.filter(organization=user.last_organization_id).first() if user.last_organization_id else None
    return last or mine.first() or found(user)


def remember(membership: Membership) -> None:
    if membership.user.last_organization_id != membership.organization_id:
        membership.user.last_organization = membership.organization
        membership.user.save(update_fields=["last_organization"])


def _free_slug(name: str) -> str:
    wish = slugify(name)[:30].strip("-") or "organization"
    taken = Organization.objects.filter(slug=wish).exists()
    return f"{wish}-{secrets.token_hex(3)}" if taken else wish

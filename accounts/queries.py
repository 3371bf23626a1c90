"""Reads that more than one caller needs; each starts at a person or an organization."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.timezone import now

from accounts.models import Invitation, Membership, Organization, Team, User


def memberships(user: User) -> QuerySet[Membership]:
    return user.memberships.select_related("organization").order_by("joined_at", "pk")


def members(organization: Organization) -> QuerySet[Membership]:
    return Membership.objects.filter(organization=organization).select_related("user").order_by("user__name", "pk")


def person(custom_url: str) -> QuerySet[User]:
    """Who is met under this address; none or one."""
    return User.objects.filter(custom_url=custom_url, is_active=True)


def account_with(email: str) -> User | None:
    """Whoever signs in with this address, or has proven to hold it."""
    proven = Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True, email__iexact=email))
    return User.objects.filter(Q(email__iexact=email) | proven).first()


def holds(user: User, email: str) -> bool:
    """Has he proven that this address is his?"""
    return bool(EmailAddress.objects.filter(user=user, verified=True, email__iexact=email).exists())


def pending_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn; those whose time is over too, because they can be sent again."""
    found = Invitation.objects.filter(organization=organization, accepted_at=None, withdrawn_at=None)
    return found.select_related("invited_by", "organization")


def invitations_for(user: User) -> QuerySet[Invitation]:
    """Open ones to an address that he has proven to be his."""
    his = EmailAddress.objects.filter(user=user, verified=True).values(address=Lower("email"))
    found = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now(), email__in=his)
    return found.select_related("organization", "invited_by")


def teams(organization: Organization) -> QuerySet[Team]:
    return Team.objects.filter(organization=organization)

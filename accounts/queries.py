"""Reads that more than one caller needs; each starts at a person or an organization."""

from django.db.models import QuerySet

from accounts.models import Membership, Organization, User


def memberships(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("organization").order_by("joined_at", "pk")


def members(organization: Organization) -> QuerySet[Membership]:
    return Membership.objects.filter(organization=organization).select_related("user").order_by("user__name", "pk")


def person(custom_url: str) -> QuerySet[User]:
    """Who is met under this address; none or one."""
    return User.objects.filter(custom_url=custom_url, is_active=True)

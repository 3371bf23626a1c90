"""The people of the demo that is loaded without a browser: an organization with an owner and a member."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import organizations, profiles, queries
from accounts.models import Membership, Organization, Role, User
from scheduling.demo_cast import PASSWORD, PEOPLE

ORGANIZATION = "Harbour"


@transaction.atomic
def gather() -> list[Membership]:
    """All of them, made only if they are not there."""
    owner, *others = [_person(*person) for person in PEOPLE]
    founded = queries.memberships(owner).first() or organizations.found(owner, name=ORGANIZATION)
    return [founded, *(_member(person, founded.organization) for person in others)]


def _person(email: str, name: str, time_zone: str) -> User:
    known = User.objects.filter(email=email).first()
    if known is not None:
        return known
    user = User.objects.create_user(
        email, PASSWORD, name=name, time_zone=time_zone, custom_url=profiles.free_custom_url(name)
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _member(user: User, organization: Organization) -> Membership:
    found, _new = Membership.objects.get_or_create(user=user, organization=organization, defaults={"role": Role.MEMBER})
    organizations.remember(found)
    return found

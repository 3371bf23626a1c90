"""The people of the demo that is loaded without a browser: an organization, its team, a delegate, one account for all
of them.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import delegations, invitations, organizations, profiles, queries, teams
from accounts.models import Membership, Organization, Role, User
from integrations import rehearsal
from integrations.exceptions import ProviderError
from outbox import intents, outbox
from scheduling.demo_cast import CONNECTED_BY, DELEGATE, INVITED, ORGANIZATION, PASSWORD, PEOPLE, PROVIDER, TEAM, Person


@transaction.atomic
def gather() -> list[Membership]:
    """All of them, made only if they are not there; the owner is the first."""
    first, *others = PEOPLE
    owner = _person(first)
    founded = queries.memberships(owner).first() or organizations.found(owner, name=ORGANIZATION)
    members = [founded, *(_member(_person(person), founded.organization, person.role) for person in others)]
    _team_up(founded)
    _invite(founded)
    _hand_over(founded)
    outbox.want("demo organization", founded.pk)
    return members


@intents.settles("demo organization")
def settle(membership_id: int) -> None:
    """Connect the provider for everybody."""
    owner = Membership.objects.select_related("user", "organization").get(pk=membership_id)
    try:
        rehearsal.connect_organization(owner, PROVIDER, CONNECTED_BY)
    except ProviderError as error:
        raise intents.Later(error.sentence, after=timedelta(seconds=3)) from error


def _person(person: Person) -> User:
    known = User.objects.filter(email=person.email).first()
    if known is not None:
        return known
    url = profiles.free_custom_url(person.name)
    user = User.objects.create_user(
        person.email, PASSWORD, name=person.name, time_zone=person.time_zone, custom_url=url
    )
    EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    return user


def _member(user: User, organization: Organization, role: Role) -> Membership:
    known = Membership.objects.filter(user=user, organization=organization).first()
    return known or organizations.add(user, organization, role)


def _team_up(owner: Membership) -> None:
    name, emails = TEAM
    if not queries.teams(owner.organization).filter(name=name).exists():
        its = queries.members(owner.organization).filter(user__email__in=emails)
        teams.create(owner.organization, name=name, members=its, by=owner.user)


def _invite(owner: Membership) -> None:
    if not queries.pending_invitations(owner.organization).filter(email=INVITED).exists():
        invitations.invite(owner, [INVITED], role=Role.MEMBER)


def _hand_over(owner: Membership) -> None:
    """Known again by whom it was given to; who took it back since gets it back."""
    if not delegations.given_by(owner).exists():
        delegate = queries.members(owner.organization).get(user__email=DELEGATE)
        delegations.hand_over(owner, delegate, private_events=False, by=owner.user)

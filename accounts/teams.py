"""Groups of an organization's members."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts import audit, organizations
from accounts.models import Act, Membership, Organization, Team, User


class NameTaken(Exception):
    """Another team of the organization is called so."""


def create(organization: Organization, *, name: str, members: Iterable[Membership], by: User) -> Team:
    """Raises NameTaken."""
    return _save(Team(organization=organization), name, members, by)


def change(team: Team, *, name: str, members: Iterable[Membership], by: User) -> Team:
    """Raises NameTaken."""
    return _save(team, name, members, by)


@transaction.atomic
def delete(team: Team, *, by: User) -> None:
    """Its members stay what they are."""
    organizations.lock(team.organization)
    Team.objects.filter(pk=team.pk).delete()
    audit.note(team.organization, Act.TEAM_CHANGED, by=by, subject=team.name, deleted=True)


def _save(team: Team, name: str, members: Iterable[Membership], by: User) -> Team:
    said = sorted(str(member.user) for member in members)
    try:
        with transaction.atomic():
            organizations.lock(team.organization)
            team.name = name
            team.save()
            team.members.set(members)
            audit.note(team.organization, Act.TEAM_CHANGED, by=by, subject=name, members=said)
    except IntegrityError as error:
        raise NameTaken from error
    return team

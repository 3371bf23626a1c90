"""Groups of members."""

import pytest
from django.db import IntegrityError, transaction
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounts.models import Act, AuditEntry, Membership, Team
from tests import factories


@pytest.fixture
def teams(olga: Membership) -> str:
    return f"/o/{olga.organization.slug}/teams"


def names(team: Team) -> list[str]:
    return sorted(str(member.user) for member in team.members.all())


@pytest.mark.row("G-57")
def test_an_admin_makes_a_team_of_members(sign_in, adam, mina, olga, teams):
    sign_in(adam).post(f"{teams}/new", {"name": "Pilots", "members": [mina.uid, olga.uid]})

    assert names(Team.objects.get(name="Pilots")) == ["Mina Sol", "Olga Berg"]
    entry = AuditEntry.objects.get(organization=olga.organization)
    assert (entry.act, entry.subject) == (Act.TEAM_CHANGED, "Pilots")
    assert entry.details == {"members": ["Mina Sol", "Olga Berg"]}


@pytest.mark.row("G-57")
def test_an_admin_changes_name_and_members(sign_in, adam, mina, olga, teams):
    team = factories.team(olga.organization, olga, name="Pilots")
    shown = sign_in(adam).get(f"{teams}/{team.uid}").content.decode()
    assert shown.split("<main")[1].count(" checked") == 1

    sign_in(adam).post(f"{teams}/{team.uid}", {"name": "Crew", "members": [mina.uid]})

    team.refresh_from_db()
    assert (team.name, names(team)) == ("Crew", ["Mina Sol"])


@pytest.mark.row("G-57")
def test_a_deleted_team_leaves_its_members_alone(sign_in, adam, mina, teams):
    team = factories.team(adam.organization, mina)
    client = sign_in(adam)
    assert "Delete" in client.get(f"{teams}/{team.uid}/delete").content.decode()
    assert Team.objects.filter(pk=team.pk).exists()

    client.post(f"{teams}/{team.uid}/delete")

    assert not Team.objects.exists()
    assert Membership.objects.filter(pk=mina.pk).exists()


@pytest.mark.row("G-68")
def test_a_member_of_another_organization_cannot_be_put_into_a_team(sign_in, adam, mallory, teams):
    answer = sign_in(adam).post(f"{teams}/new", {"name": "Pilots", "members": [mallory.uid]})

    assert answer.status_code == 422
    assert not Team.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "\u202eevil"])
def test_a_name_that_cannot_be_read_is_refused(sign_in, adam, teams, name):
    assert sign_in(adam).post(f"{teams}/new", {"name": name}).status_code == 422
    assert not Team.objects.exists()


@pytest.mark.parametrize("members", ["x", "1", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_forged_members_are_refused(sign_in, adam, teams, members):
    assert sign_in(adam).post(f"{teams}/new", {"name": "Pilots", "members": members}).status_code == 422


def test_two_teams_of_one_organization_have_different_names(sign_in, adam, teams):
    factories.team(adam.organization, name="Pilots")

    answer = sign_in(adam).post(f"{teams}/new", {"name": "pilots"})

    assert answer.status_code == 422
    assert "Another team has this name" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.team(adam.organization, name="PILOTS")


def test_other_organizations_may_use_the_same_name(adam, mallory):
    for member in (adam, mallory):
        factories.team(member.organization, name="Pilots")


def test_who_goes_is_in_no_team_any_more(sign_in, adam, mina):
    team = factories.team(adam.organization, mina)
    sign_in(mina).post(f"/o/{mina.organization.slug}/leave")
    assert names(team) == []


def test_a_member_sees_teams_and_no_way_to_change_them(sign_in, mina, teams):
    team = factories.team(mina.organization, mina, name="Pilots")
    page = sign_in(mina).get(teams).content.decode()

    assert "Pilots" in page
    assert str(team.uid) not in page
    assert f"{teams}/new" not in page


def test_without_a_team_the_page_says_what_they_are_for(sign_in, adam, teams):
    assert "Put members who work together into a team." in sign_in(adam).get(teams).content.decode()


def test_the_list_asks_as_often_for_three_as_for_one(sign_in, adam, olga, teams):
    client = sign_in(adam)
    factories.team(olga.organization, olga)
    one = _queries(client, teams)
    for _number in range(2):
        factories.team(olga.organization, olga, adam)

    assert _queries(client, teams) == one


def _queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(database) as asked:
        client.get(address)
    return len(asked)

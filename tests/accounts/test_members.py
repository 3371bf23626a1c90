"""Roles, and the list of members."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import memberships
from accounts.models import Act, AuditEntry, Invitation, Membership, Role
from tests import factories
from tests.accounts.members import acts, at, role_of


def give(client: Client, member: Membership, role: str) -> int:
    return client.post(at(member, member.uid), {"role": role}).status_code


# --- Roles


@pytest.mark.row("G-56")
def test_an_owner_makes_a_member_an_admin_and_it_is_written_down(sign_in, olga, mina):
    answer = sign_in(olga).post(at(mina, mina.uid), {"role": "admin"}, follow=True)

    assert role_of(mina) == Role.ADMIN
    assert "Mina Sol is now: Admin." in answer.content.decode()
    entry = AuditEntry.objects.get(organization=mina.organization)
    assert (entry.act, entry.by, entry.subject) == (Act.ROLE_CHANGED, olga.user, "Mina Sol")
    assert entry.details == {"former": "member", "role": "admin"}


@pytest.mark.row("G-56")
@pytest.mark.parametrize(("former", "role"), [("member", "admin"), ("admin", "member")])
def test_an_admin_changes_members_and_admins(sign_in, adam, former, role):
    other = factories.membership(organization_=adam.organization, role=former)
    assert give(sign_in(adam), other, role) == 302
    assert role_of(other) == role


@pytest.mark.row("G-56")
@pytest.mark.parametrize("whom", ["mina", "adam"])
def test_an_admin_makes_nobody_an_owner_not_even_himself(sign_in, adam, mina, whom):
    member = {"mina": mina, "adam": adam}[whom]
    former = member.role

    assert give(sign_in(adam), member, "owner") == 422

    assert role_of(member) == former
    with pytest.raises(PermissionDenied):
        memberships.change_role(member, Role.OWNER, by=adam)


@pytest.mark.row("G-56")
def test_an_admin_does_nothing_to_an_owner(sign_in, adam, olga, owen):
    client = sign_in(adam)

    assert give(client, owen, "member") == 403
    assert client.post(at(owen, owen.uid, "remove")).status_code == 403
    assert client.post(at(owen, owen.uid, "hand-over")).status_code == 403
    assert "Only owners change what owners may do." in client.get(at(owen, owen.uid)).content.decode()
    assert role_of(owen) == Role.OWNER


@pytest.mark.row("G-56")
def test_a_member_changes_nobody(sign_in, mina, adam):
    client = sign_in(mina)
    assert {give(client, mina, "owner"), give(client, adam, "member")} == {403}
    assert (role_of(mina), role_of(adam)) == (Role.MEMBER, Role.ADMIN)


@pytest.mark.parametrize("typed", [{}, {"role": ""}, {"role": "king"}, {"role": ["admin", "owner", "x"]}])
def test_a_role_that_does_not_exist_is_refused(sign_in, olga, mina, typed):
    assert sign_in(olga).post(at(mina, mina.uid), typed).status_code == 422
    assert role_of(mina) == Role.MEMBER


def test_who_was_demoted_meanwhile_may_not_go_on(adam, mina):
    """His browser still shows the page; what he may is looked up when he acts."""
    Membership.objects.filter(pk=adam.pk).update(role=Role.MEMBER)

    with pytest.raises(PermissionDenied):
        memberships.change_role(mina, Role.ADMIN, by=adam)


def test_who_may_not_invite_any_more_leaves_no_open_invitation(sign_in, olga, adam):
    factories.invitation(adam)

    give(sign_in(olga), adam, "member")

    assert Invitation.objects.get().withdrawn_at
    assert acts(adam) == [Act.INVITATION_WITHDRAWN, Act.ROLE_CHANGED]


# --- The list


@pytest.mark.row("G-56")
def test_the_list_names_everybody_with_role_and_teams(sign_in, mina, adam, olga, mallory):
    factories.team(olga.organization, mina, name="Pilots")

    page = sign_in(mina).get(at(mina)).content.decode()

    assert [
        name for name in ("Olga Berg", "Adam Reed", "Mina Sol", "Pilots", "Owner", "Admin") if name not in page
    ] == []
    assert mallory.user.email not in page


def test_a_member_sees_neither_invitations_nor_ways_to_change_others(sign_in, mina, adam, olga):
    invited = factories.invitation(olga).email
    page = sign_in(mina).get(at(mina)).content.decode()

    assert invited not in page
    assert str(adam.uid) not in page
    assert invited in sign_in(adam).get(at(adam)).content.decode()


def test_the_list_asks_as_often_for_many_as_for_one(sign_in, olga):
    client = sign_in(olga)
    factories.team(olga.organization, olga)
    factories.invitation(olga)
    one = _queries(client, at(olga))
    for _number in range(2):
        member = factories.membership(organization_=olga.organization, role=Role.MEMBER)
        factories.team(olga.organization, olga, member)
        factories.invitation(olga)

    assert _queries(client, at(olga)) == one


@pytest.mark.row("G-57")
def test_the_list_is_searched_by_name_address_and_team(sign_in, olga, adam, mina, mallory):
    team = factories.team(olga.organization, mina, olga)
    foreign = factories.team(mallory.organization, mallory)
    client = sign_in(olga)

    def found(**asked: object) -> list[str]:
        page = client.get(at(olga), asked).content.decode().split("<main")[1]
        return [member.user.email for member in (adam, mina, olga) if member.user.email in page]

    assert found(q="REED") == ["adam@example.org"]
    assert found(q="mina@") == ["mina@example.org"]
    assert found(team=team.uid) == ["mina@example.org", "olga@example.org"]
    assert found(team=team.uid, q="sol") == ["mina@example.org"]
    assert len(found(team=foreign.uid)) == len(found(team="x", q="")) == 3
    assert "Nobody fits" in client.get(at(olga), {"q": "nobody"}).content.decode()


def test_a_long_list_has_pages(sign_in, olga):
    for _number in range(50):
        factories.membership(organization_=olga.organization, role=Role.MEMBER)

    page = sign_in(olga).get(at(olga), {"q": "example.org"}).content.decode()

    assert "Page 1 of 2" in page
    assert "?page=2&amp;q=example.org" in page


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(database) as asked:
        client.get(address)
    return len(asked)

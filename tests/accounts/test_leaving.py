"""The ways out of an organization, and that there is always an owner."""

import threading
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections as databases

from accounts import memberships
from accounts.models import Act, Email, Invitation, Membership, Role, User
from tests import factories
from tests.accounts.members import acts, at, role_of


def is_there(member: Membership) -> bool:
    return Membership.objects.filter(pk=member.pk).exists()


# --- There is always an owner


@pytest.mark.row("G-56")
def test_ownership_is_handed_over_and_the_former_owner_stays_an_admin(sign_in, olga, adam):
    client = sign_in(olga)
    client.post("/account/reauthenticate/", {"password": "correct horse battery"})
    assert "Nothing has happened yet." in client.get(at(adam, adam.uid, "hand-over")).content.decode()

    client.post(at(adam, adam.uid, "hand-over"))

    assert (role_of(adam), role_of(olga)) == (Role.OWNER, Role.ADMIN)
    assert acts(adam) == [Act.OWNERSHIP_HANDED_OVER]


def test_who_does_not_own_it_any_more_hands_nothing_over(adam, mina):
    """His browser still shows the page; what he may is looked up when he acts."""
    with pytest.raises(PermissionDenied):
        memberships.hand_over(adam, to=mina)
    assert role_of(mina) == Role.MEMBER


def test_nobody_hands_over_to_himself(sign_in, olga):
    client = sign_in(olga)
    client.post("/account/reauthenticate/", {"password": "correct horse battery"})
    assert client.post(at(olga, olga.uid, "hand-over")).status_code == 403
    assert role_of(olga) == Role.OWNER


@pytest.mark.row("G-56")
@pytest.mark.parametrize("role", ["admin", "member"])
def test_the_last_owner_stays_one(sign_in, olga, adam, role):
    answer = sign_in(olga).post(at(olga, olga.uid), {"role": role}, follow=True)

    assert role_of(olga) == Role.OWNER
    assert "nobody would own the organization" in answer.content.decode()


@pytest.mark.row("G-56")
def test_the_last_owner_cannot_leave(sign_in, olga, adam):
    answer = sign_in(olga).post(f"/o/{olga.organization.slug}/leave")

    assert "You are the only owner of Harbour" in answer.content.decode()
    assert is_there(olga)
    with pytest.raises(memberships.LastOwner):
        memberships.leave(olga)


def test_who_is_alone_is_asked_to_invite_somebody_first(sign_in, olga):
    page = sign_in(olga).get(f"/o/{olga.organization.slug}/leave").content.decode()
    assert "Invite somebody who takes it over" in page


def test_one_of_two_owners_may_go(sign_in, olga, owen):
    sign_in(olga).post(f"/o/{olga.organization.slug}/leave")
    assert (is_there(olga), is_there(owen)) == (False, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("go", ["leave", "demote each other", "demote themselves"])
def test_of_two_owners_who_go_at_the_same_moment_one_stays(olga, owen, go):
    together, refused = threading.Barrier(2), []

    def act(mine: int, other: int) -> None:
        me, him = Membership.objects.get(pk=mine), Membership.objects.get(pk=other)
        together.wait()
        try:
            if go == "leave":
                memberships.leave(me)
            else:
                memberships.change_role(him if "each" in go else me, Role.MEMBER, by=me)
        except (memberships.LastOwner, PermissionDenied) as refusal:
            refused.append(type(refusal))
        finally:
            databases.close_all()

    threads = [threading.Thread(target=act, args=pair) for pair in [(olga.pk, owen.pk), (owen.pk, olga.pk)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert Membership.objects.filter(organization=olga.organization, role=Role.OWNER).count() == 1


# --- Leaving and removing


@pytest.mark.row("G-56")
def test_removing_lists_what_ends_and_changes_nothing_yet(sign_in, adam, mina, scheduler):
    his = factories.scheduler(mina, name="Coaching")
    booking = factories.booking(his)
    account = factories.connection(mina).grant.email

    page = unescape(sign_in(adam).get(at(mina, mina.uid, "remove")).content.decode())

    assert "Nothing has happened yet." in page
    assert [word for word in ("Coaching", account, "March 1, 2027") if word not in page] == []
    assert booking.invitee_name not in page, "with whom somebody meets is not for his admin"
    assert scheduler.name not in page, "Olga's stay"
    assert is_there(mina)


def test_a_removed_member_sees_nothing_any_more_and_is_told(sign_in, adam, mina):
    mina.user.last_organization = mina.organization
    mina.user.save()
    client = sign_in(mina)

    sign_in(adam).post(at(mina, mina.uid, "remove"))

    assert client.get(f"/o/{mina.organization.slug}/schedules").status_code == 404
    assert User.objects.filter(pk=mina.user_id, is_active=True).exists()
    told = Email.objects.get(to="mina@example.org")
    assert "Harbour" in told.subject
    assert "Adam Reed has removed you" in told.text
    assert acts(adam) == [Act.MEMBER_REMOVED]


def test_the_frame_forgets_the_organization_too(sign_in, olga, adam, mina):
    """Public pages show the menu of the organization used last."""
    client = sign_in(mina)
    client.get(f"/o/{mina.organization.slug}/schedules")
    assert mina.organization.slug in client.get("/help/zoom").content.decode()

    sign_in(adam).post(at(mina, mina.uid, "remove"))

    assert mina.organization.slug not in client.get("/help/zoom").content.decode()


def test_who_goes_leaves_no_open_invitation(sign_in, olga, adam):
    kept, gone = factories.invitation(olga), factories.invitation(adam)
    asked = sign_in(olga).get(at(adam, adam.uid, "remove")).content.decode()
    assert gone.email in asked
    assert kept.email not in asked

    sign_in(olga).post(at(adam, adam.uid, "remove"))

    assert list(Invitation.objects.filter(withdrawn_at=None)) == [kept]


def test_after_the_last_organization_one_of_his_own_is_founded(sign_in, adam, mina):
    client = sign_in(mina)
    sign_in(adam).post(at(mina, mina.uid, "remove"))

    client.get("/dashboard/", follow=True)

    own = Membership.objects.get(user=mina.user)
    assert (own.role, own.organization.name) == (Role.OWNER, "Mina Sol's organization")


def test_removing_oneself_is_leaving(sign_in, adam):
    answer = sign_in(adam).post(at(adam, adam.uid, "remove"))
    assert answer["Location"] == f"/o/{adam.organization.slug}/leave"
    assert is_there(adam)


def test_a_member_leaves_by_himself(sign_in, mina):
    client = sign_in(mina)
    assert "Nothing has happened yet." in client.get(f"/o/{mina.organization.slug}/leave").content.decode()

    answer = client.post(f"/o/{mina.organization.slug}/leave", follow=True)

    assert not is_there(mina)
    assert "You have left Harbour." in answer.content.decode()
    assert acts(mina) == [Act.MEMBER_LEFT]


def test_removing_somebody_who_has_just_gone_finds_nothing(sign_in, adam, mina):
    gone = Membership.objects.get(pk=mina.pk)
    Membership.objects.filter(pk=mina.pk).delete()

    with pytest.raises(memberships.Gone):
        memberships.remove(gone, by=adam)
    assert sign_in(adam).post(at(mina, mina.uid, "remove")).status_code == 404


def test_who_comes_back_gets_only_the_role_he_is_invited_to(olga, adam, sign_in):
    factories.address(adam.user)
    sign_in(olga).post(at(adam, adam.uid, "remove"))
    invitation = factories.invitation(olga, email=adam.user.email)

    sign_in(adam).post(f"/organizations/invitations/{invitation.uid}/accept")

    assert Membership.objects.get(user=adam.user, organization=olga.organization).role == Role.MEMBER

"""What follows an invitation: a newcomer signs up, who has an account joins."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts import invitations, newcomers
from accounts.models import Act, Email, Invitation, Membership, Role, User
from tests import factories
from tests.accounts.inviting import NINA, belongs, nina, sign_up, words
from tests.accounts.members import acts

# --- A newcomer


@pytest.mark.row("G-56", "G-68")
def test_a_newcomer_signs_up_through_the_link_and_joins_instead_of_founding(client, olga, link):
    assert "Olga Berg has invited nina@example.org" in words(client.get(link))

    answer = sign_up(client, link)

    assert answer["Location"] == f"/o/{olga.organization.slug}/schedules"
    joined = Membership.objects.get(user__email=NINA)
    assert (joined.organization, joined.role) == (olga.organization, Role.MEMBER)
    assert (joined.user.name, joined.user.time_zone) == ("Nina Fell", "Asia/Kathmandu")
    assert client.get(answer["Location"]).status_code == 200, "she is signed in, her address needs no code"
    assert acts(olga) == [Act.MEMBER_INVITED, Act.MEMBER_JOINED]


def test_the_address_of_the_invitation_cannot_be_exchanged(client, link):
    sign_up(client, link, email="mallory@example.com")

    assert EmailAddress.objects.get().email == NINA
    assert not User.objects.filter(email="mallory@example.com").exists()


def test_a_new_member_has_hours_and_hears_of_no_code(client, olga, link, after_commit):
    with after_commit():
        sign_up(client, link)

    joined = Membership.objects.get(user__email=NINA)
    assert joined.user.schedules.filter(organization=olga.organization).exists()
    assert Email.objects.filter(to=NINA).count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "a\x00b"},
        {"name": "\u202eevil"},
        {"name": "x" * 121},
        {"password": ""},
        {"password": "password"},
        {"password": "short"},
        {"password": NINA},
    ],
)
def test_what_cannot_be_taken_is_refused_and_the_invitation_stays_open(client, link, changes):
    assert sign_up(client, link, **changes).status_code == 422
    assert not User.objects.filter(email=NINA).exists()
    assert Invitation.objects.get().is_open


def test_the_link_works_once(client, olga, link):
    sign_up(client, link)

    again = sign_up(Client(), link, name="Somebody Else")

    assert again.status_code == 410
    assert "This invitation was accepted" in words(again)
    assert User.objects.filter(email=NINA).count() == 1


def test_clicking_twice_makes_one_account(olga, link):
    found = Invitation.objects.get()
    typed = {"name": "Nina", "password": "correct horse battery", "time_zone": "UTC"}
    newcomers.welcome(found, **typed)

    with pytest.raises(newcomers.HasAccount):
        newcomers.welcome(found, **typed)


def test_an_address_that_was_proven_while_signing_up_is_not_taken(olga, link):
    """The account goes by another address; this one was added to it a moment ago."""
    factories.address(nina(email="other@example.org"), NINA)

    with pytest.raises(newcomers.HasAccount):
        newcomers.welcome(Invitation.objects.get(), name="Nina", password="correct horse battery", time_zone="UTC")
    assert Invitation.objects.get().is_open


def test_who_is_withdrawn_while_signing_up_has_no_account_either(olga, link):
    found = Invitation.objects.get()
    invitations.withdraw(found, by=olga.user)

    with pytest.raises(invitations.Closed):
        newcomers.welcome(found, name="Nina", password="correct horse battery", time_zone="UTC")
    assert not User.objects.filter(email=NINA).exists()


def test_looking_changes_nothing(client, link):
    client.get(link)
    client.head(link)
    assert Invitation.objects.get().is_open
    assert not User.objects.filter(email=NINA).exists()


# --- Who has an account


@pytest.mark.row("G-68")
def test_who_has_an_account_signs_in_comes_back_and_joins(client, olga, link):
    user = nina()
    page = client.get(link)
    assert "There is an account with nina@example.org" in words(page)
    there = re.search(r'href="(/account/login/\?next=[^"]+)"', page.content.decode())

    typed = {"login": NINA, "password": "correct horse battery", "next": link}
    back = client.post(unescape(there[1]), typed)
    assert back["Location"] == link
    accept = re.search(r'action="(/organizations/invitations/[^"]+/accept)"', client.get(link).content.decode())
    answer = client.post(accept[1])

    assert answer["Location"] == f"/o/{olga.organization.slug}/schedules"
    assert belongs(user, olga)
    assert Membership.objects.filter(user=user).count() == 2


@pytest.mark.parametrize("verified", [True, False])
def test_a_link_never_changes_an_account_that_exists(client, olga, link, verified):
    """Not even one whose owner never proved the address: it may be somebody else's, and it is not ours to give away."""
    user = nina(verified=verified)
    before = User.objects.filter(pk=user.pk).values().get()

    sign_up(client, link, password="mallorys own password")

    assert User.objects.filter(pk=user.pk).values().get() == before
    assert "_auth_user_id" not in client.session
    assert not belongs(user, olga)


def test_an_invited_account_is_known_by_any_address_it_has_proven(client, olga, link):
    user = nina(email="other@example.org")
    factories.address(user, NINA)

    assert "There is an account" in words(client.get(link))
    assert sign_up(client, link).status_code == 200
    assert User.objects.filter(email=NINA).count() == 0


@pytest.mark.row("G-68")
def test_an_invitation_waits_among_his_organizations_without_the_link(sign_in, olga, link):
    user = nina()
    client = sign_in(user)

    assert "You are invited to Harbour." in words(client.get("/account/profile"))
    client.post(f"/organizations/invitations/{Invitation.objects.get().uid}/accept")

    assert belongs(user, olga)

"""What an invitation must not be good for."""

import pytest
from allauth.account.models import EmailAddress

from accounts import invitations, profiles
from accounts.models import AuditEntry, Invitation, Membership, Role, User
from tests import factories
from tests.accounts.inviting import NINA, belongs, nina, sign_up, words


@pytest.mark.row("G-68")
def test_somebody_elses_invitation_is_not_accepted(sign_in, mallory, olga, link):
    factories.address(mallory.user)
    client = sign_in(mallory)
    page = client.get(link)

    assert "This invitation is for nina@example.org" in words(page)
    assert f'name="next" value="{link}"' in page.content.decode()
    assert "/accept" not in page.content.decode()
    assert client.post(f"/organizations/invitations/{Invitation.objects.get().uid}/accept").status_code == 404
    assert sign_up(client, link).status_code == 200
    assert not belongs(mallory.user, olga)
    assert not User.objects.filter(email=NINA).exists()


def test_calling_oneself_by_the_invited_address_opens_nothing(sign_in, mallory, olga, link):
    """Changing the address of one's account, without proving it."""
    factories.address(mallory.user)
    User.objects.filter(pk=mallory.user_id).update(email=NINA)
    client = sign_in(User.objects.get(pk=mallory.user_id))

    assert client.post(f"/organizations/invitations/{Invitation.objects.get().uid}/accept").status_code == 404
    assert "/accept" not in client.get(link).content.decode()
    with pytest.raises(invitations.NotYours):
        invitations.accept(Invitation.objects.get(), by=mallory.user)


def test_an_added_address_opens_nothing_before_it_is_confirmed(sign_in, mallory, olga, link):
    added = factories.address(mallory.user, NINA, verified=False)
    client = sign_in(mallory)
    uid = Invitation.objects.get().uid

    assert client.post(f"/organizations/invitations/{uid}/accept").status_code == 404
    assert "You are invited" not in words(client.get("/organizations"))
    assert "/accept" not in client.get(link).content.decode()
    with pytest.raises(invitations.NotYours):
        invitations.accept(Invitation.objects.get(), by=mallory.user)
    added.verified = True
    added.save()
    assert client.post(f"/organizations/invitations/{uid}/accept").status_code == 302


def test_who_has_given_the_address_up_since_cannot_accept(sign_in, olga, link):
    user = nina()
    EmailAddress.objects.filter(user=user).update(email="new@example.org")
    User.objects.filter(pk=user.pk).update(email="new@example.org")

    client = sign_in(User.objects.get(pk=user.pk))

    assert client.post(f"/organizations/invitations/{Invitation.objects.get().uid}/accept").status_code == 404


def test_an_account_on_hold_does_not_come_in(client, olga, link):
    user = nina()
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert "There is an account" in words(client.get(link))
    sign_up(client, link)
    assert not belongs(user, olga)


def test_accepting_twice_is_once(olga, link):
    user, found = nina(), Invitation.objects.get()
    invitations.accept(found, by=user)

    with pytest.raises(invitations.Closed):
        invitations.accept(found, by=user)
    assert Membership.objects.filter(user=user, organization=olga.organization).count() == 1


def test_an_invitation_makes_nobody_less_than_he_is(olga, adam):
    factories.address(adam.user)
    found = factories.invitation(olga, email=adam.user.email, role=Role.MEMBER)

    invitations.accept(found, by=adam.user)

    assert Membership.objects.get(pk=adam.pk).role == Role.ADMIN


@pytest.mark.parametrize("secret", ["x", "x" * 5000, "%00", "..%2f..", "ünï", "a b"])
def test_an_unknown_secret_says_nothing_of_anybody(client, link, secret):
    answer = client.get(f"/invitations/{secret}")

    assert answer.status_code == 404
    assert "Harbour" not in words(answer)


def test_guessing_secrets_is_slowed_down(client, settings, link):
    settings.ACCOUNT_RATE_LIMITS = {"invitation": "3/m/ip"}
    answers = [client.get(f"/invitations/guess-{number}").status_code for number in range(5)]

    assert answers == [404, 404, 404, 429, 429]
    assert client.get(link).status_code == 200, "who has a link is not kept waiting by others' guesses"


def test_of_the_secret_nothing_is_kept_but_a_hash(link):
    secret = link.rpartition("/")[2]
    kept = str(Invitation.objects.values().get()) + str(list(AuditEntry.objects.values()))

    assert len(secret) >= 40
    assert secret not in kept


def test_the_page_tells_other_sites_nothing(client, link):
    answer = client.get(link)

    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


def test_no_custom_url_can_take_these_addresses():
    assert {"invitations", "organizations"} <= profiles.reserved_words()

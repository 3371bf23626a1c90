"""Invitations: by mail, to one address; accepted only by who holds it. Attacks on them each have a test."""

import re
from datetime import timedelta
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import now

from accounts import invitations, newcomers, profiles
from accounts.models import Act, AuditEntry, Email, Invitation, Membership, Role, User
from tests import factories

NINA = "nina@example.org"


@pytest.fixture
def members(olga: Membership) -> str:
    return f"/o/{olga.organization.slug}/members"


@pytest.fixture
def link(olga: Membership) -> str:
    """Olga has invited Nina, who is not known here; what stands in her mail."""
    invitations.invite(olga, [NINA], role=Role.MEMBER)
    return link_to(NINA)


def link_to(email: str) -> str:
    """In the newest mail to this address."""
    found = re.search(r"http://testserver(/invitations/\S+)", Email.objects.filter(to=email).latest("pk").text)
    assert found
    return found[1]


def invite(client: Client, members: str, addresses: str, role: str = "member"):
    return client.post(f"{members}/invite", {"addresses": addresses, "role": role})


def sign_up(client: Client, link: str, **changes: str):
    typed = {"name": "Nina Fell", "password": "correct horse battery", "time_zone": "Asia/Kathmandu"}
    return client.post(link, typed | changes)


def words(answer) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def nina(*, verified: bool = True, email: str = NINA) -> User:
    """She has an account, without belonging to Olga's organization."""
    made = factories.membership(factories.user(email, name="Nina Fell")).user
    factories.address(made, verified=verified, primary=True)
    return made


def belongs(user: User, olga: Membership) -> bool:
    return Membership.objects.filter(user=user, organization=olga.organization).exists()


def acts(olga: Membership) -> list[str]:
    return list(
        AuditEntry.objects.filter(organization=olga.organization).order_by("number").values_list("act", flat=True)
    )


def expire() -> None:
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))


def forget_the_pause() -> None:
    Invitation.objects.update(sent_at=now() - invitations.PAUSE)


# --- Asking


@pytest.mark.row("G-56")
def test_several_people_are_invited_at_once_each_once(sign_in, adam, members):
    answer = invite(sign_in(adam), members, "Nina@Example.org, paul@example.org\r\nNINA@example.org;", role="admin")

    assert answer["Location"] == members
    sent = Invitation.objects.order_by("email")
    assert [(made.email, made.role, made.invited_by) for made in sent] == [
        (NINA, "admin", adam.user),
        ("paul@example.org", "admin", adam.user),
    ]
    assert sorted(Email.objects.values_list("to", flat=True)) == [NINA, "paul@example.org"]
    assert acts(adam) == [Act.MEMBER_INVITED] * 2


@pytest.mark.row("G-56")
def test_nobody_is_invited_as_an_owner(sign_in, olga, members):
    assert invite(sign_in(olga), members, NINA, role="owner").status_code == 422
    with pytest.raises(PermissionDenied):
        invitations.invite(olga, [NINA], role=Role.OWNER)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " , ;",
        "nina",
        "nina@",
        "nina@example.org, paul",
        "nina@ex\u0430mple.org",
        "nina@example.org\x00",
        "\u202enina@example.org",
        "x" * 300 + "@example.org",
        ",".join(f"p{number}@example.org" for number in range(51)),
        "x" * 20_000,
    ],
)
def test_what_is_no_address_is_named_and_nobody_invited(sign_in, olga, members, typed):
    answer = invite(sign_in(olga), members, typed)

    assert answer.status_code == 422
    assert (Invitation.objects.count(), Email.objects.count()) == (0, 0)


def test_whoever_belongs_there_already_is_not_invited(sign_in, olga, mina, members):
    factories.address(mina.user)

    answer = invite(sign_in(olga), members, "paul@example.org, MINA@example.org")

    assert "mina@example.org belongs to a member already" in words(answer)
    assert not Invitation.objects.exists()


def test_whoever_is_invited_already_is_not_asked_twice(sign_in, olga, members, link):
    forget_the_pause()
    assert "is invited already" in words(invite(sign_in(olga), members, NINA))
    assert Email.objects.filter(to=NINA).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.invitation(olga, email=NINA.upper())


def test_an_invitation_is_never_accepted_and_withdrawn(olga, link):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(accepted_at=now(), withdrawn_at=now())


def test_an_invitation_has_a_role_that_exists(olga, link):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(role="king")


def test_nobody_uses_bridge_to_send_mail_after_mail(olga, monkeypatch):
    monkeypatch.setattr(invitations, "A_DAY", 2)
    invitations.invite(olga, ["a@example.org", "b@example.org"], role=Role.MEMBER)

    with pytest.raises(invitations.Refused, match="tomorrow"):
        invitations.invite(olga, ["c@example.org"], role=Role.MEMBER)
    with pytest.raises(invitations.Refused):
        invitations.resend(Invitation.objects.first(), by=olga.user)
    assert Email.objects.count() == 2


def test_two_mails_to_one_address_are_five_minutes_apart(sign_in, olga, members, link):
    uid = Invitation.objects.get().uid
    slug = olga.organization.slug

    answer = sign_in(olga).post(f"/o/{slug}/invitations/{uid}/resend", follow=True)

    assert "Please wait five minutes" in words(answer)
    assert Email.objects.filter(to=NINA).count() == 1


def test_names_in_the_mail_are_no_links(olga):
    olga.organization.name, olga.user.name = "Win at evil.example", "https://evil.example/now"
    olga.organization.save()
    olga.user.save()
    invitations.invite(olga, [NINA], role=Role.MEMBER)

    sent = Email.objects.get(to=NINA)
    assert "evil.example" not in sent.subject + sent.text + sent.html


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


# --- Attacks


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


@pytest.mark.parametrize("how", ["withdrawn", "expired", "accepted"])
def test_a_closed_invitation_says_which_and_lets_nobody_in(client, sign_in, olga, link, how):
    user, found = nina(), Invitation.objects.get()
    if how == "withdrawn":
        sign_in(olga).post(f"/o/{olga.organization.slug}/invitations/{found.uid}/withdraw")
    elif how == "expired":
        expire()
    else:
        Invitation.objects.update(accepted_at=now())

    for visitor in (client, sign_in(user)):
        answer = visitor.get(link)
        assert answer.status_code == 410
        assert how in words(answer)
    assert sign_in(user).post(f"/organizations/invitations/{found.uid}/accept").status_code == 404
    with pytest.raises(invitations.Closed):
        invitations.accept(found, by=user)
    assert not belongs(user, olga)


def test_sending_again_kills_the_old_link_and_gives_seven_more_days(client, sign_in, olga, link):
    expire()
    forget_the_pause()
    uid = Invitation.objects.get().uid

    sign_in(olga).post(f"/o/{olga.organization.slug}/invitations/{uid}/resend")

    assert client.get(link).status_code == 404
    assert sign_up(client, link).status_code == 404
    assert sign_up(client, link_to(NINA)).status_code == 302
    assert Act.INVITATION_RESENT in acts(olga)


def test_what_was_withdrawn_or_accepted_is_not_sent_again(olga, link):
    found = Invitation.objects.get()
    invitations.withdraw(found, by=olga.user)

    with pytest.raises(invitations.Closed):
        invitations.resend(found, by=olga.user)
    assert invitations.withdraw(found, by=olga.user) is False


def test_inviting_again_after_it_expired_revives_the_one(olga, link):
    expire()
    forget_the_pause()

    invitations.invite(olga, [NINA], role=Role.ADMIN)

    assert Invitation.objects.get().role == Role.ADMIN
    assert link_to(NINA) != link


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

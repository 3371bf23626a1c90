"""Who may invite whom, and how an invitation is sent again, withdrawn and over."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import now

from accounts import invitations
from accounts.models import Act, Email, Invitation, Membership, Role
from tests import factories
from tests.accounts.inviting import NINA, belongs, link_to, nina, sign_up, words
from tests.accounts.members import acts


@pytest.fixture
def members(olga: Membership) -> str:
    return f"/o/{olga.organization.slug}/members"


def invite(client: Client, members: str, addresses: str, role: str = "member"):
    return client.post(f"{members}/invite", {"addresses": addresses, "role": role})


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


# --- Sending again


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

import re

import pytest
from django.core import mail

from accounts.models import Email, Membership, Role, User

pytestmark = pytest.mark.django_db


def _sign_up(client, **changes):
    typed = {"name": "Nora Fell", "email": "nora@example.org", "password1": "correct horse battery"}
    return client.post("/account/signup/", typed | {"time_zone": "Asia/Kathmandu"} | changes)


def _code() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", Email.objects.latest("pk").text, re.M)
    assert found, Email.objects.latest("pk").text
    return found[1]


def test_signing_up_founds_an_organization_and_owns_it(client):
    _sign_up(client)

    membership = Membership.objects.get(user__email="nora@example.org")
    assert membership.role == Role.OWNER
    assert membership.organization.name == "Nora Fell's organization"
    assert (membership.user.time_zone, membership.user.custom_url) == ("Asia/Kathmandu", "nora-fell")


def test_the_code_in_the_mail_leads_to_the_schedulers(client):
    _sign_up(client)
    answer = client.post("/account/confirm-email/", {"code": _code()}, follow=True)

    assert answer.redirect_chain[-1][0] == "/o/nora-fells-organization/schedules"
    assert answer.status_code == 200


def test_the_mail_goes_out_through_the_outbox(client, after_commit):
    with after_commit():
        _sign_up(client)

    assert [message.to for message in mail.outbox] == [["nora@example.org"]]
    assert Email.objects.get().sent_at


def test_an_unknown_zone_is_not_taken(client):
    _sign_up(client, time_zone="../../etc/passwd")
    assert User.objects.get().time_zone == "UTC"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x" * 10_000},
        {"name": "   "},
        {"name": "a\x00b"},
        {"email": "not an address"},
        {"email": "a@b@example.org"},
        {"password1": "password"},
        {"time_zone": "x" * 10_000},
    ],
)
def test_what_cannot_be_taken_is_refused_with_what_was_typed_kept(client, changes):
    answer = _sign_up(client, **changes)

    assert answer.status_code in (200, 422)
    assert not User.objects.exists()
    assert "errorlist" in answer.content.decode() or "field__error" in answer.content.decode()
    if "name" not in changes:
        assert "Nora Fell" in answer.content.decode()


@pytest.mark.row("G-31")
def test_guessing_passwords_is_slowed_down_without_redis(client, olga):
    for _ in range(12):
        answer = client.post("/account/login/", {"login": "olga@example.org", "password": "wrong"})
    assert "Too many failed login attempts" in answer.content.decode() or answer.status_code == 429

    right = client.post("/account/login/", {"login": "olga@example.org", "password": "correct horse battery"})
    assert right.status_code != 302

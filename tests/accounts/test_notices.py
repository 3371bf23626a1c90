"""Mails that say what was changed about somebody's way in, so that he notices if it was not he."""

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.test import Client, RequestFactory

from accounts.models import Email
from tests import factories

PREFIXES = ["email_changed", "email_confirm", "email_deleted", "password_changed", "password_reset", "password_set"]
FACTORS = ["totp_activated", "totp_deactivated", "recovery_codes_generated", "webauthn_added", "webauthn_removed"]


@pytest.mark.parametrize(
    "prefix", [f"account/email/{name}" for name in PREFIXES] + [f"mfa/email/{name}" for name in FACTORS]
)
def test_every_notice_says_what_when_and_from_where(olga, prefix):
    asked = RequestFactory().get("/", headers={"user-agent": "Lynx <2>"})
    named = {"from_email": "old@example.org", "to_email": "new@example.org", "deleted_email": "gone@example.org"}
    with context.request_context(asked):
        get_adapter(asked).send_notification_mail(prefix, olga.user, named)

    told = Email.objects.get(to=olga.user.email)
    assert told.subject
    assert "allauth" not in told.subject + told.text
    for text, lynx in ((told.text, "Lynx <2>"), (told.html, "Lynx &lt;2&gt;")):
        assert "at Bridge" in text
        assert "127.0.0.1" in text
        assert lynx in text
        assert "If it was not you, choose a new password at once" in text


def test_a_new_password_is_told_by_mail_without_it(sign_in, olga):
    new = {"oldpassword": "correct horse battery", "password1": "a stable of staples"}

    sign_in(olga).post("/account/password/change/", new | {"password2": new["password1"]})

    told = Email.objects.get(to=olga.user.email)
    assert told.subject == "Your password at Bridge has changed"
    assert new["password1"] not in told.text + told.html


def test_signing_up_is_told_by_the_code_alone(client: Client, db):
    typed = {"name": "Nora Fell", "email": "nora@example.org", "password1": "correct horse battery"}
    client.post("/account/signup/", typed | {"time_zone": "Asia/Kathmandu"})
    assert Email.objects.count() == 1


def test_a_removed_address_is_told_to_the_main_one(sign_in, olga):
    factories.address(olga.user, primary=True)
    EmailAddress.objects.create(user=olga.user, email="old@example.org", verified=True)

    client = sign_in(olga)
    client.post("/account/reauthenticate/", {"password": "correct horse battery"})

    client.post("/account/email/", {"email": "old@example.org", "action_remove": ""})

    assert "old@example.org was removed" in Email.objects.get(to=olga.user.email).text

"""An authenticator app, recovery codes, and the way back when they are lost. Passkeys: tests/browser."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Act, AuditEntry, Email, Membership, Organization
from tests import factories

HOME = "/account/second-factor/"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _both_sides_of_a_half_minute(settings):
    settings.MFA_TOTP_TOLERANCE = 1


def code(secret: str) -> str:
    """As the app shows it now."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def wrong(right: str) -> str:
    return str((int(right) + 500_000) % 1_000_000).zfill(6)


def signing_in(member: Membership) -> Client:
    """The password is given, nothing more."""
    factories.address(member.user)
    client = Client()
    answer = client.post("/account/login/", {"login": member.user.email, "password": PASSWORD})
    assert answer["Location"] == f"{HOME}authenticate/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/profile").status_code == 200


def answered(client: Client, typed: str) -> bool:
    client.post(f"{HOME}authenticate/", {"code": typed})
    return is_in(client)


def confirmed(client: Client) -> Client:
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def acts(organization: Organization) -> list[str]:
    return list(AuditEntry.objects.filter(organization=organization).order_by("number").values_list("act", flat=True))


def test_the_password_is_asked_for_before_an_app_is_set_up(sign_in, olga):
    answer = sign_in(olga).get(f"{HOME}totp/activate/")
    assert answer["Location"].startswith("/account/reauthenticate/")


def test_setting_up_an_app_shows_recovery_codes_and_is_told_by_mail(sign_in, olga, after_commit):
    client = confirmed(sign_in(olga))
    page = client.get(f"{HOME}totp/activate/").content.decode()
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', page)[1]
    assert 'src="data:image/svg+xml;base64,' in page

    with after_commit():
        answer = client.post(f"{HOME}totp/activate/", {"code": code(secret)}, follow=True)

    assert answer.redirect_chain[-1][0] == f"{HOME}recovery-codes/"
    assert len(re.findall(r"<li>\d{8}</li>", answer.content.decode())) == 10
    assert acts(olga.organization) == [Act.FACTOR_ADDED]
    told = Email.objects.get(to=olga.user.email)
    assert told.subject == "An authenticator app now protects your account"
    assert secret not in told.text + told.html


def test_a_wrong_code_sets_nothing_up(sign_in, olga):
    client = confirmed(sign_in(olga))
    page = client.get(f"{HOME}totp/activate/").content.decode()
    secret = re.search(r'data-copy="([A-Z2-7]{32})"', page)[1]

    answer = client.post(f"{HOME}totp/activate/", {"code": wrong(code(secret))})

    assert "This is not the right code." in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_signing_in_needs_the_code_too(olga):
    secret = factories.authenticator_app(olga.user)
    client = signing_in(olga)

    assert not is_in(client)
    assert answered(client, code(secret))


def test_a_wrong_code_lets_nobody_in(olga):
    secret = factories.authenticator_app(olga.user)
    assert not answered(signing_in(olga), wrong(code(secret)))


def test_a_code_that_was_used_is_refused_the_second_time(olga):
    secret = factories.authenticator_app(olga.user)
    once = code(secret)
    assert answered(signing_in(olga), once)
    olga.user.emailaddress_set.all().delete()

    assert not answered(signing_in(olga), once)


def test_guessing_codes_is_slowed_down_for_the_person_not_the_browser(olga):
    secret = factories.authenticator_app(olga.user)
    client = signing_in(olga)
    for _time in range(5):
        answered(client, wrong(code(secret)))

    assert not answered(client, code(secret))


def test_trying_passkeys_is_slowed_down_by_address(client, settings, db):
    settings.MFA_RATE_LIMITS = {"webauthn_login": "2/m/ip"}
    answers = [client.post(f"{HOME}webauthn/login/", {"credential": "{}"}).status_code for _time in range(3)]
    assert answers == [302, 302, 429]


def test_a_recovery_code_works_once(olga):
    factories.authenticator_app(olga.user)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert answered(signing_in(olga), codes[0])
    olga.user.emailaddress_set.all().delete()

    again = signing_in(olga)
    assert not answered(again, codes[0])
    assert answered(again, codes[1])


def test_new_recovery_codes_end_the_old_ones(sign_in, olga, after_commit):
    factories.authenticator_app(olga.user)
    before = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    with after_commit():
        confirmed(sign_in(olga)).post(f"{HOME}recovery-codes/generate/")

    after = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert not set(before) & set(after)
    assert acts(olga.organization) == [Act.RECOVERY_CODES_RENEWED]


def test_removing_the_app_is_noted_and_takes_the_recovery_codes_along(sign_in, olga):
    factories.authenticator_app(olga.user)

    confirmed(sign_in(olga)).post(f"{HOME}totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert acts(olga.organization) == [Act.FACTOR_REMOVED]


def test_secrets_are_sealed_in_the_database(olga):
    secret = factories.authenticator_app(olga.user)
    app, codes = Authenticator.objects.get(type="totp"), Authenticator.objects.get(type="recovery_codes")

    assert secret not in str(app.data)
    assert app.data["secret"].startswith("gAAAA")
    assert codes.data["seed"].startswith("gAAAA")


def test_a_new_key_opens_what_the_old_one_sealed(olga, settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [old]
    secret = factories.authenticator_app(olga.user)
    settings.ENCRYPTION_KEYS = [new, old]
    call_command("rotate_encryption_key")
    settings.ENCRYPTION_KEYS = [new]

    assert answered(signing_in(olga), code(secret))
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == 10


def test_a_second_factor_that_no_key_opens_is_named(olga, settings):
    factories.authenticator_app(olga.user)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(CommandError, match="No key opens these second factors"):
        call_command("rotate_encryption_key")


@pytest.mark.parametrize("what", ["edit", "remove"])
def test_nobody_touches_the_passkey_of_another(sign_in, olga, mina, what):
    hers = factories.passkey(olga.user)
    address = f"{HOME}webauthn/keys/{hers.pk}/{what}/"

    assert confirmed(sign_in(mina)).get(address).status_code == 404
    assert sign_in(mina).post(address).status_code == 302
    assert confirmed(sign_in(mina)).post(address).status_code == 404
    assert Authenticator.objects.filter(pk=hers.pk).exists()


def test_three_passkeys_cost_as_many_questions_as_one(sign_in, olga):
    client = sign_in(olga)

    def asked() -> int:
        with CaptureQueriesContext(database) as found:
            assert client.get(f"{HOME}webauthn/").status_code == 200
        return len(found)

    factories.passkey(olga.user)
    one = asked()
    factories.passkey(olga.user, "Key")
    factories.passkey(olga.user, "Another")
    assert asked() == one


def test_the_operator_resets_everything_and_the_person_is_told(sign_in, olga, mina):
    factories.authenticator_app(olga.user)
    factories.passkey(olga.user)
    hers, minas = sign_in(olga), sign_in(mina)

    call_command("reset_second_factor", "OLGA@example.org")

    assert not Authenticator.objects.exists()
    assert not is_in(hers)
    assert is_in(minas)
    assert Session.objects.count() == 1
    assert Email.objects.get(to=olga.user.email).subject == "Your second factor at Bridge was removed"
    entry = AuditEntry.objects.get(organization=olga.organization)
    assert (entry.act, entry.by, entry.subject) == (Act.FACTOR_RESET, None, str(olga.user))


def test_resetting_somebody_unknown_says_so(db):
    with pytest.raises(CommandError, match="Nobody signs in with"):
        call_command("reset_second_factor", "nobody@example.org")


def test_a_secret_that_no_key_opens_is_said_so_and_lets_nobody_in(olga, settings, caplog):
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    secret = factories.authenticator_app(olga.user)
    client = signing_in(olga)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    answer = client.post(f"{HOME}authenticate/", {"code": code(secret)})

    assert answer.status_code == 503
    assert "put the earlier key back into ENCRYPTION_KEYS" in answer.content.decode()
    assert "No key of ENCRYPTION_KEYS opens" in caplog.text
    assert not is_in(client)

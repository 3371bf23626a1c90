"""Tokens at rest: readable with our keys only, and only in the row they were written for."""

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection as database

from accounts import encryption
from integrations.models import Grant
from tests import factories

NEW, OLD = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_what_is_sealed_opens_again(settings):
    settings.ENCRYPTION_KEYS = [NEW]

    assert encryption.decrypt(encryption.encrypt("secret", owner="a"), owner="a") == "secret"


def test_nothing_stays_nothing():
    assert encryption.encrypt("", owner="a") == encryption.decrypt("", owner="a") == ""


def test_a_token_moved_to_another_row_does_not_open():
    sealed = encryption.encrypt("secret", owner="client/mallory")

    with pytest.raises(encryption.Undecipherable):
        encryption.decrypt(sealed, owner="client/olga")


@pytest.mark.parametrize("sealed", ["nonsense", "gAAAAABn", "ü", "\x00"])
def test_what_is_broken_does_not_open(sealed):
    with pytest.raises(encryption.Undecipherable):
        encryption.decrypt(sealed, owner="a")


def test_an_older_key_still_opens_and_the_newest_seals(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = encryption.encrypt("secret", owner="a")

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert encryption.decrypt(sealed, owner="a") == "secret"

    fresh = encryption.encrypt("secret", owner="a")
    settings.ENCRYPTION_KEYS = [NEW]
    assert encryption.decrypt(fresh, owner="a") == "secret"
    with pytest.raises(encryption.Undecipherable):
        encryption.decrypt(sealed, owner="a")


@pytest.mark.row("CR-16")
@pytest.mark.django_db
def test_no_token_is_readable_in_the_database():
    factories.grant()

    with database.cursor() as cursor:
        cursor.execute("SELECT * FROM integrations_grant")
        rows = str(cursor.fetchall())

    assert "zoom" in rows
    assert "access-secret" not in rows
    assert "refresh-secret" not in rows


@pytest.mark.django_db
def test_rotating_writes_every_token_under_the_first_key(settings, capsys):
    settings.ENCRYPTION_KEYS = [OLD]
    grant = factories.grant()
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    call_command("rotate_encryption_key")

    settings.ENCRYPTION_KEYS = [NEW]
    grant.refresh_from_db()
    assert (grant.access_token, grant.refresh_token) == ("access-secret", "refresh-secret")


@pytest.mark.django_db
def test_rotating_says_which_tokens_no_key_opens(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    grant = factories.grant()
    settings.ENCRYPTION_KEYS = [NEW]

    with pytest.raises(CommandError, match=str(grant.pk)):
        call_command("rotate_encryption_key")

    assert Grant.objects.get().sealed_access_token == grant.sealed_access_token


# System checks


def found(**kwargs) -> set[str]:
    return {str(message.id) for message in run_checks(**kwargs) if str(message.id).startswith("integrations.")}


def test_in_order_nothing_is_found():
    assert found() == set()


@pytest.mark.parametrize("missing", ["ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET"])
def test_a_key_without_its_secret_is_found(settings, missing):
    setattr(settings, missing, "")

    assert found() == {"integrations.E001"}


def test_an_encryption_key_that_is_none_is_found(settings):
    settings.ENCRYPTION_KEYS = [NEW, "short"]

    assert found() == {"integrations.E002"}


def test_what_production_lacks_is_found(settings):
    settings.EMBEDDED = settings.SIMULATORS = False
    settings.HTTPS, settings.SECRET_KEY, settings.ENCRYPTION_KEYS = True, settings.INSECURE_KEY, []
    settings.ZOOM_API_URL = "http://zoom.example/v2"

    assert found(include_deployment_checks=True) == {"integrations.E003", "integrations.E004", "integrations.W001"}

"""Keys for scripts of one's own: made with the password, shown once, worth nothing once they have ended."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts import api_keys, callers, key_format, memberships
from accounts.models import ApiKey, AuditEntry, Email
from accounts.scopes import Scope
from outbox import intents
from outbox.models import Intent
from tests import factories
from tests.accounts.members import acts
from tests.accounts.test_confirmations import confirm

KEYS, NEW = "/account/keys", "/account/keys/new"
pytestmark = [pytest.mark.django_db, pytest.mark.row("G-55")]


@pytest.fixture
def hers(olga, sign_in):
    """Olga, who has just given her password."""
    client = sign_in(olga)
    confirm(client, then=NEW)
    return client


def typed(member, **changes):
    about = {"name": "Nightly report", "membership": str(member.uid), "scopes": ["bookings:read"], "days": "30"}
    return {"submission": str(uuid.uuid4()), **about, **changes}


def text_on(page):
    return re.search(r"bridge_[0-9A-Za-z]+(?=<)", page.content.decode())[0]


def caller(text):
    return callers.of(RequestFactory().get("/", headers={"Authorization": f"Bearer {text}"}))


def kept(text):
    return ApiKey.objects.get(secret_hash=key_format.hashed(text))


def test_a_key_does_what_was_ticked_and_nothing_else(hers, olga):
    text = text_on(hers.post(NEW, typed(olga)))

    found = caller(text)
    assert found.membership == olga
    assert found.scopes == {Scope.BOOKINGS_READ}


def test_it_is_shown_once_and_only_its_hash_is_kept(hers, olga):
    answer = hers.post(NEW, typed(olga))
    text = text_on(answer)

    assert "no-store" in answer["Cache-Control"]
    page = hers.get(KEYS).content.decode()
    assert text[: key_format.SHOWN] in page
    key = ApiKey.objects.get()
    told = "".join(f"{mail.subject}{mail.text}{mail.html}" for mail in Email.objects.all())
    rows = str([*ApiKey.objects.values(), *AuditEntry.objects.values(), *Intent.objects.values()])
    for place in (page, told, rows):
        assert text not in place
        assert text[key_format.SHOWN :] not in place
    assert key.secret_hash == key_format.hashed(text)


def test_without_the_password_none_is_made(sign_in, olga):
    client = sign_in(olga)

    assert client.get(NEW)["Location"].startswith("/account/reauthenticate/?next=")
    assert client.post(NEW, typed(olga))["Location"] == NEW
    assert not ApiKey.objects.exists()


def test_sent_twice_it_is_one_key(hers, olga):
    once = typed(olga)
    hers.post(NEW, once)

    again = hers.post(NEW, once, follow=True)

    assert ApiKey.objects.count() == 1
    assert "was made already" in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scopes": []}, "tick at least one thing"),
        ({"scopes": ["webhooks"]}, "Select a valid choice"),
        ({"name": " "}, "Please give it a name"),
        ({"days": "3650"}, "Select a valid choice"),
        ({"submission": "x"}, "valid UUID"),
    ],
)
def test_what_is_missing_is_said(hers, olga, wrong, said):
    answer = hers.post(NEW, typed(olga, **wrong))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_it_acts_in_one_organization_of_ones_own(hers, olga, mallory):
    other = factories.membership(olga.user, factories.organization("Quay"))

    refused = hers.post(NEW, typed(mallory))
    text = text_on(hers.post(NEW, typed(other)))

    assert refused.status_code == 422
    assert caller(text).membership == other
    assert acts(other)[-1] == "application.key_made"


def test_an_organization_that_asks_for_a_second_factor_gets_no_key_without_one(hers, olga):
    strict = factories.membership(olga.user, factories.organization("Quay", requires_second_factor=True))

    answer = hers.post(NEW, typed(strict))

    assert "asks for a second factor" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_nobody_piles_up_keys(hers, olga, monkeypatch):
    monkeypatch.setattr(api_keys, "MOST", 2)
    factories.api_key(olga)
    factories.api_key(olga, expires_at=now())
    hers.post(NEW, typed(olga))

    answer = hers.post(NEW, typed(olga))

    assert "as many keys as one person may have" in answer.content.decode()


def test_revoked_it_opens_nothing(hers, olga):
    text = factories.api_key(olga, name="Lost")
    page = f"{KEYS}/{kept(text).uid}/revoke"

    first, second = hers.post(page, follow=True), hers.post(page, follow=True)

    with pytest.raises(callers.Unknown):
        caller(text)
    assert "opens nothing any more" in first.content.decode()
    assert "had ended before" in second.content.decode()
    assert acts(olga) == ["application.key_revoked"]


def test_somebody_elses_is_not_there(sign_in, olga, mina):
    text = factories.api_key(olga)

    answer = sign_in(mina).post(f"{KEYS}/{kept(text).uid}/revoke")

    assert answer.status_code == 404
    assert caller(text).membership == olga
    assert text[: key_format.SHOWN] not in sign_in(mina).get(KEYS).content.decode()


@pytest.mark.parametrize("fields", [{"expires_at": now()}, {"revoked_at": now()}], ids=["expired", "revoked"])
def test_an_ended_one_is_worth_nothing(olga, fields):
    text = factories.api_key(olga, **fields)

    with pytest.raises(callers.Unknown):
        caller(text)


def test_it_ends_with_the_membership(olga, mina):
    text = factories.api_key(mina, name="Report")

    assert "Report" in [loss.label for loss in memberships.losses(mina)]
    memberships.remove(mina, by=olga)

    with pytest.raises(callers.Unknown):
        caller(text)


def test_its_maker_is_told_at_once_and_a_week_before_its_end(hers, olga, after_commit):
    with after_commit():
        hers.post(NEW, typed(olga, days="90"))
    assert [mail.subject for mail in Email.objects.all()] == ["A new API key for your Bridge account: Nightly report"]
    due = Intent.objects.get(kind="api key ends").due_at
    assert timedelta(days=82, hours=23) < due - now() < timedelta(days=83, hours=1)

    for _ in range(2):
        Intent.objects.filter(kind="api key ends").update(due_at=now(), settled=0)
        intents.drain()

    [warning] = Email.objects.filter(subject="Your API key “Nightly report” ends soon")
    assert warning.to == "olga@example.org"
    assert ApiKey.objects.get().start in warning.text


def test_of_a_revoked_one_nobody_is_warned(olga):
    text = factories.api_key(olga, revoked_at=now())

    api_keys.warn(kept(text).pk)

    assert not Email.objects.exists()


def test_a_short_one_is_not_announced_to_end_as_soon_as_it_is_made():
    assert [api_keys.notice(days).days for days in api_keys.LIVES] == [1, 7, 7, 7]


def test_a_mistyped_key_is_known_for_one_without_looking():
    text = key_format.make()
    wrong = text[:-1] + ("a" if text[-1] != "a" else "b")

    assert key_format.is_whole(text)
    assert not any(key_format.is_whole(broken) for broken in (wrong, text[:-1], f"{text}a", text.swapcase(), ""))
    with CaptureQueriesContext(connection) as queries, pytest.raises(callers.Unknown):
        caller(wrong)
    assert len(queries) == 0


def test_keys_are_long_and_differ():
    made = {key_format.make() for _ in range(50)}

    assert len(made) == 50
    assert {len(text) for text in made} == {53}


def test_when_it_was_used_is_noted_once_a_minute(olga):
    text = factories.api_key(olga)
    caller(text)
    first = kept(text).last_used_at
    caller(text)

    assert first is not None
    assert kept(text).last_used_at == first


def test_the_list_asks_the_same_however_long_it_is(hers, olga):
    factories.api_key(olga)
    hers.get(KEYS)
    with CaptureQueriesContext(connection) as one:
        hers.get(KEYS)
    for _ in range(2):
        factories.api_key(factories.membership(olga.user, factories.organization()))

    with CaptureQueriesContext(connection) as more:
        hers.get(KEYS)

    assert len(more) == len(one)

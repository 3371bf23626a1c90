"""How many requests a caller may make, and how he is told."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection

from accounts.scopes import Scope
from scheduling.api import quotas
from scheduling.models import Quota
from tests import factories

pytestmark = pytest.mark.django_db

NOON = 1_800_000_000 - 1_800_000_000 % 60


@pytest.fixture
def clock(monkeypatch):
    """Seconds after the beginning of a minute; tests set it."""
    found = SimpleNamespace(now=NOON + 18)
    monkeypatch.setattr(quotas.time, "time", lambda: found.now)
    return found


@pytest.fixture
def ask(client, olga):
    key = factories.api_key(olga, scopes=[Scope.EVENTS_READ])

    def get(path="me", token=key):
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})

    return get


@pytest.mark.row("G-52")
def test_every_answer_says_how_many_requests_are_left_and_when_they_are_renewed(ask, clock, settings):
    settings.API_REQUESTS_PER_MINUTE = 3

    for path, status, left in [("me", 200, 2), ("bookings", 403, 1), ("me?limit=", 200, 0)]:
        answer = ask(path)
        assert answer.status_code == status
        assert answer["RateLimit-Policy"] == '"requests";q=3;w=60'
        assert answer["RateLimit"] == f'"requests";r={left};t=42'


@pytest.mark.row("G-52")
def test_one_too_many_is_told_when_to_come_again_and_comes_in_then(ask, clock, settings):
    settings.API_REQUESTS_PER_MINUTE = 1
    ask()
    refused = ask()

    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert (refused["Retry-After"], refused["RateLimit"]) == ("42", '"requests";r=0;t=42')
    clock.now += int(refused["Retry-After"])
    assert ask().status_code == 200


def test_callers_are_counted_apart(ask, settings, olga):
    settings.API_REQUESTS_PER_MINUTE = 1
    consent = factories.consent(factories.application(), olga)
    token = factories.access_token(consent)

    assert [ask().status_code, ask(token=token).status_code, ask(token=token).status_code] == [200, 200, 429]


def test_two_tokens_of_one_application_for_one_person_are_one_caller(ask, settings, olga):
    settings.API_REQUESTS_PER_MINUTE = 1
    consent = factories.consent(factories.application(), olga)
    tokens = [factories.access_token(consent) for _ in range(2)]

    assert [ask(token=token).status_code for token in tokens] == [200, 429]


def test_a_clock_that_is_behind_does_not_give_the_minute_anew(clock):
    assert [quotas.spend("a").used for _ in range(2)] == [1, 2]
    clock.now -= 60
    assert quotas.spend("a").used == 3
    clock.now += 60
    assert quotas.spend("a").used == 4
    clock.now += 60
    assert quotas.spend("a").used == 1


@pytest.mark.django_db(transaction=True)
def test_no_request_is_lost_to_another(clock):
    def spend(_):
        try:
            return quotas.spend("many").used
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(spend, range(80)))

    assert sorted(counts) == list(range(1, 81))


def test_whoever_guesses_tokens_is_stopped_by_his_address_and_valid_ones_go_on(ask, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"api_refused": "2/m/ip"}
    cache.clear()

    answers = [ask(token="guessed") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert (answers[2]["Retry-After"], answers[2].json()["code"]) == ("60", "rate_limited")
    assert ask().status_code == 200


def test_callers_that_have_gone_are_forgotten(clock):
    quotas.spend("gone")
    clock.now += 2 * 3600
    quotas.spend("here")
    quotas.forget()

    assert [quota.caller for quota in Quota.objects.all()] == ["here"]

"""Whom a token stands for, and what makes one worthless."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import ApiKey, ApplicationState
from accounts.scopes import Scope
from tests import factories

pytestmark = pytest.mark.django_db


def ask(client, token, **headers):
    return client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"} | headers)


def test_a_token_stands_for_a_person_in_one_organization(client, olga):
    consent = factories.consent(factories.application(), olga, scopes=[Scope.EVENTS_READ])
    answer = ask(client, factories.access_token(consent, scope="events:read bookings:read"))

    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(olga.uid),
        "name": str(olga.user),
        "time_zone": olga.user.time_zone,
        "organization": {"id": olga.organization.slug, "name": olga.organization.name},
        "scopes": ["events:read"],
    }


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Bearer nobody-gave-this-out", "Basic Zm9vOmJhcg=="])
def test_without_a_valid_token_nobody_is_anybody(client, olga, header):
    answer = client.get("/api/v1/me", headers={"Authorization": header})

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_nothing(sign_in, olga):
    assert sign_in(olga).get("/api/v1/me").status_code == 401


def test_a_token_ends_with_its_consent(client, olga):
    consent = factories.consent(factories.application(), olga)
    token = factories.access_token(consent)
    consent.delete()

    assert ask(client, token).status_code == 401


@pytest.mark.parametrize("state", [ApplicationState.BLOCKED, ApplicationState.WAITING])
def test_a_token_of_an_application_that_may_not_act_is_worth_nothing(client, olga, state):
    consent = factories.consent(factories.application(state=state), olga)

    assert ask(client, factories.access_token(consent)).status_code == 401


def test_an_expired_token_is_worth_nothing(client, olga):
    consent = factories.consent(factories.application(), olga)

    assert ask(client, factories.access_token(consent, expires=now() - timedelta(seconds=1))).status_code == 401


def test_a_key_stands_for_its_owner_until_it_expires_or_is_revoked(client, olga):
    key = factories.api_key(olga)
    assert ask(client, key).json()["id"] == str(olga.uid)
    assert ApiKey.objects.get().last_used_at is not None

    ApiKey.objects.update(revoked_at=now())
    assert ask(client, key).status_code == 401

    ApiKey.objects.update(revoked_at=None, expires_at=now())
    assert ask(client, key).status_code == 401


def test_who_lacks_the_second_factor_that_is_asked_for_is_told_so(client, olga):
    key = factories.api_key(olga)
    olga.organization.requires_second_factor = True
    olga.organization.save()

    answer = ask(client, key)
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_required")


def test_knowing_who_asks_costs_three_queries_at_most_and_no_picture(client, olga):
    consent = factories.consent(factories.application(logo=b"a picture", logo_type="image/png"), olga)
    for token, most in [(factories.access_token(consent), 3), (factories.api_key(olga), 2)]:
        ask(client, token)
        with CaptureQueriesContext(connection) as asked:
            ask(client, token)

        assert len(asked) <= most
        assert not [query for query in asked if '"logo"' in query["sql"]]

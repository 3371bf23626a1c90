"""What an application is told of the services where somebody can meet, and what it is not."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.scopes import Scope
from integrations import defaults
from integrations.models import Grant, GrantStatus
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    def get(member, application=None):
        application = application or factories.application()
        consent = factories.consent(application, member, scopes=[Scope.CONFERENCING_READ])
        token = factories.access_token(consent)
        answer = client.get("/api/v1/conferencing/services", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.content
        return {found["id"]: found for found in answer.json()["items"]}

    return get


def state_of(connection, status, ended=True):
    Grant.objects.filter(pk=connection.grant_id).update(status=status, ended_at=now() if ended else None)


@pytest.mark.row("CR-7")
def test_what_is_not_connected_says_where_to_connect_it(ask, olga):
    application = factories.application()

    assert ask(olga, application)["zoom"] == {
        "id": "zoom",
        "name": "Zoom",
        "state": "not_connected",
        "level": None,
        "is_default": False,
        "connect_url": f"http://testserver/connect/conferencing?client_id={application.client_id}&provider=zoom",
        "reconnect_url": "",
    }


def test_our_own_room_is_there_for_everybody(ask, olga):
    found = ask(olga)["builtin"]

    assert (found["state"], found["is_default"], found["connect_url"]) == ("active", True, "")


@pytest.mark.row("CR-7")
def test_what_is_connected_says_so_and_nothing_of_the_account(ask, olga, client):
    grant = factories.grant(email="paula@secret.example", name="Paula Private", external_id="zoom-user-7")
    connection = factories.connection(olga, grant=grant)
    defaults.make_default(olga, "zoom", connection)

    found = ask(olga)["zoom"]
    assert (found["state"], found["level"], found["is_default"]) == ("active", "personal", True)
    assert (found["connect_url"], found["reconnect_url"]) == ("", "")
    for secret in ("paula", "Paula", "zoom-user-7", str(connection.uid)):
        assert secret not in str(found)


@pytest.mark.parametrize("status", [status for status in GrantStatus if status != GrantStatus.ACTIVE])
def test_each_state_has_a_word_for_programs(ask, olga, status):
    state_of(factories.connection(olga), status, ended=status != GrantStatus.MISCONFIGURED)

    found = ask(olga)["zoom"]
    assert (found["state"], found["level"]) == (status.value, "personal")
    assert bool(found["reconnect_url"]) == (status != GrantStatus.MISCONFIGURED)


def test_permissions_that_are_missing_are_said(ask, olga):
    connection = factories.connection(olga)
    Grant.objects.filter(pk=connection.grant_id).update(scopes=[])

    assert ask(olga)["zoom"]["state"] == "permissions_missing"


def test_the_account_that_works_speaks_for_a_service(ask, olga):
    state_of(factories.connection(olga), GrantStatus.EXPIRED)
    factories.connection(olga)

    assert ask(olga)["zoom"]["state"] == "active"


def test_the_organization_s_account_is_told_from_one_s_own(ask, mina):
    factories.shared_connection(mina)

    found = ask(mina)["zoom"]
    assert (found["state"], found["level"], found["is_default"]) == ("active", "organization", True)
    assert found["connect_url"]


def test_a_script_is_sent_to_the_page_of_the_account(client, olga):
    key = factories.api_key(olga)
    answer = client.get("/api/v1/conferencing/services", headers={"Authorization": f"Bearer {key}"})

    urls = {found["id"]: found["connect_url"] for found in answer.json()["items"]}
    assert urls["zoom"] == "http://testserver/account/conferencing"


def test_more_accounts_cost_no_more_queries(client, olga):
    headers = {"Authorization": f"Bearer {factories.api_key(olga)}"}
    counts = []
    for _ in range(3):
        factories.connection(olga)
        client.get("/api/v1/conferencing/services", headers=headers)
        with CaptureQueriesContext(database) as asked:
            assert client.get("/api/v1/conferencing/services", headers=headers).status_code == 200
        counts.append(len(asked))

    assert len(set(counts)) == 1

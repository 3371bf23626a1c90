"""Who belongs to an organization, for its admins."""

import pytest

from accounts.models import Role
from accounts.scopes import Scope
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    def get(member, query=""):
        headers = {"Authorization": f"Bearer {factories.api_key(member, scopes=[Scope.MEMBERS_READ])}"}
        return client.get(f"/api/v1/organization/members{query}", headers=headers)

    return get


def test_an_admin_sees_everybody_of_his_organization_and_nobody_else(ask, olga, adam, mina, mallory):
    found = ask(adam).json()

    assert [member["id"] for member in found["items"]] == [str(member.uid) for member in (olga, adam, mina)]
    assert found["items"][-1] == {
        "id": str(mina.uid),
        "name": str(mina.user),
        "email": mina.user.email,
        "role": Role.MEMBER,
        "time_zone": mina.user.time_zone,
        "joined_at": found["items"][-1]["joined_at"],
    }
    assert found["next_cursor"] == ""


def test_who_is_no_admin_is_told_so(ask, mina):
    answer = ask(mina)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_pages_go_on_where_the_last_ended(ask, olga, adam, mina):
    first = ask(olga, "?limit=2").json()
    second = ask(olga, f"?limit=2&cursor={first['next_cursor']}").json()

    names = [member["id"] for member in first["items"] + second["items"]]
    assert names == [str(member.uid) for member in (olga, adam, mina)]
    assert second["next_cursor"] == ""


def test_more_members_cost_no_more_queries(client, olga, django_assert_max_num_queries):
    headers = {"Authorization": f"Bearer {factories.api_key(olga)}"}

    def ask():
        return client.get("/api/v1/organization/members", headers=headers)

    ask()
    with django_assert_max_num_queries(10) as one:
        ask()
    for _ in range(3):
        factories.membership(organization_=olga.organization, role=Role.MEMBER)
    with django_assert_max_num_queries(len(one)):
        assert len(ask().json()["items"]) == 4

"""Handing over the managing of one's schedule."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import delegations
from accounts.models import AuditEntry, Delegation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(olga):
    return factories.membership(factories.user("dora@example.org", name="Dora Delegate"), olga.organization)


@pytest.fixture
def hers(olga, sign_in):
    return sign_in(olga)


@pytest.mark.row("ZM-36")
@pytest.mark.parametrize(("ticked", "sees"), [({}, False), ({"private_events": "on"}, True)])
def test_who_hands_over_chooses_about_private_events(hers, olga, dora, ticked, sees):
    answer = hers.post("/account/delegates", {"delegate": str(dora.uid), **ticked})

    assert answer["Location"] == "/account/delegates"
    assert Delegation.objects.get().private_events is sees
    assert delegations.desk(dora, olga.user.custom_url).sees_private is sees
    assert [entry.act for entry in AuditEntry.objects.all()] == ["member.delegate_named"]


@pytest.mark.row("ZM-36")
def test_the_choice_can_be_changed_and_all_of_it_taken_back(hers, olga, dora):
    made = factories.delegation(olga, dora)

    hers.post(f"/account/delegates/{made.uid}/limit", {"private_events": "on"})
    assert delegations.desk(dora, olga.user.custom_url).sees_private
    hers.post(f"/account/delegates/{made.uid}/limit")
    assert not delegations.desk(dora, olga.user.custom_url).sees_private
    hers.post(f"/account/delegates/{made.uid}/take-back")
    assert delegations.desk(dora, olga.user.custom_url) is None


def test_a_delegate_can_give_it_back(sign_in, olga, dora):
    made = factories.delegation(olga, dora)

    sign_in(dora).post(f"/account/delegates/{made.uid}/take-back")

    assert not Delegation.objects.exists()


def test_a_delegate_cannot_widen_what_he_sees(sign_in, olga, dora):
    made = factories.delegation(olga, dora)

    answer = sign_in(dora).post(f"/account/delegates/{made.uid}/limit", {"private_events": "on"})

    assert answer.status_code == 404
    assert not Delegation.objects.get().private_events


def test_only_another_member_of_the_organization_can_be_named(hers, olga, dora, mallory):
    for somebody in (mallory, olga):
        answer = hers.post("/account/delegates", {"delegate": str(somebody.uid)})
        assert answer.status_code == 422
        assert "choose another member of your organization" in answer.content.decode()
    assert not Delegation.objects.exists()
    with pytest.raises(delegations.Refused):
        delegations.hand_over(olga, mallory, private_events=True, by=olga.user)


def test_twice_is_once(olga, dora):
    factories.delegation(olga, dora)
    with pytest.raises(delegations.Refused, match="already"):
        delegations.hand_over(olga, dora, private_events=True, by=olga.user)


def test_it_ends_when_one_of_them_goes(olga, dora):
    factories.delegation(olga, dora)
    dora.delete()
    assert not Delegation.objects.exists()


def test_the_page_asks_as_often_for_one_delegate_as_for_three(hers, olga):
    def asked(number):
        for _each in range(number):
            factories.delegation(olga, factories.membership(organization_=olga.organization))
            factories.delegation(factories.membership(organization_=olga.organization), olga)
        with CaptureQueriesContext(connection) as queries:
            page = hers.get("/account/delegates").content.decode()
        return len(queries), page.count("/take-back")

    hers.get("/account/delegates")
    (once, two), (again, six) = asked(1), asked(2)
    assert (two, six) == (2, 6)
    assert again == once

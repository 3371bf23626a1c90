"""A member connects an account by name and password: what is asked, what is refused in which words, what is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import Membership
from integrations import grants, states
from integrations.models import Connection, Grant
from integrations.types import EndReason
from tests import factories
from tests.integrations.test_policy_page import text_of

FORM = "/connect/exchange/password"
PASSWORD = "mina-password"


@pytest.fixture
def browser(mina: Membership, sign_in: Callable[[Membership], Client]) -> Client:
    cache.clear()
    return sign_in(mina)


@pytest.fixture
def typed(exchange: Any) -> dict[str, str]:
    return {"address": exchange[1], "username": "mina@example.org", "password": PASSWORD, "version": "2019"}


@pytest.mark.row("ZM-15")
def test_each_member_connects_on_his_own_and_nothing_is_shown_of_the_password(browser, mina, typed):
    answer = browser.post(FORM, typed, follow=True)

    assert "Exchange account mina@example.org is connected." in text_of(answer)
    assert answer.request["PATH_INFO"] == reverse("calendars")
    connection = Connection.objects.get(membership=mina)
    assert (connection.grant.kind, connection.grant.version) == ("password", "2019")
    assert PASSWORD not in str(Grant.objects.values_list())
    assert PASSWORD not in answer.content.decode()


def test_the_link_for_services_with_a_sign_in_leads_to_the_form(browser):
    answer = browser.get("/connect/exchange?next=/dashboard/")

    assert answer["Location"] == f"{FORM}?next=%2Fdashboard%2F"
    assert browser.get("/connect/zoom/password")["Location"] == "/connect/zoom"
    assert browser.get("/connect/nowhere/password").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"password": "wrong-password"}, "password", ""),
        ({"password": ""}, "password", "required"),
        ({"username": ""}, "username", "required"),
        ({"address": "http://10.0.0.7/EWS"}, "address", "private network"),
        ({"address": "http://name:secret@mail.example.com/"}, "address", "must not hold a name or password"),
        ({"address": "file:///etc/passwd"}, "address", "must begin with https"),
        ({"version": "1997"}, "version", ""),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(browser, typed, wrong, field, words):
    answer = browser.post(FORM, typed | wrong)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in shown
    assert words in text_of(answer)
    assert "Nothing was connected, and nothing was kept." in shown
    assert PASSWORD not in shown
    assert not Grant.objects.exists()


def test_a_server_that_is_none_says_so_at_the_address(browser, typed, exchange):
    answer = browser.post(FORM, typed | {"address": exchange[1].replace("/EWS/Exchange.asmx", "/nowhere")})

    assert answer.status_code == 422
    assert "No Exchange answers at this address." in text_of(answer)


def test_too_many_tries_are_stopped_before_an_account_is_locked(browser, typed, exchange):
    for _try in range(5):
        browser.post(FORM, typed | {"password": "wrong-password"})
    asked = len(exchange[0].calls)

    answer = browser.post(FORM, typed)

    assert "often in a short time" in text_of(answer)
    assert len(exchange[0].calls) == asked


def test_the_address_that_the_organization_has_named_is_not_asked_for(browser, mina, typed, exchange):
    factories.calendar_policy(mina.organization, ews_url=exchange[1], ews_version="2016")

    form = browser.get(FORM).content.decode()
    assert 'name="address"' not in form
    assert exchange[1] in form

    browser.post(FORM, {"username": "mina@example.org", "password": PASSWORD, "address": "http://10.0.0.7/"})
    grant = Grant.objects.get()
    assert (grant.api_url, grant.version) == (exchange[1], "2016")


@pytest.mark.row("ZM-32", "ZM-11")
@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ({"enabled": False}, "switched calendars and contacts off"),
        ({"level": "enforced", "service": "caldav"}, "Your organization uses CalDAV for everybody."),
        ({"allowed_domains": ["example.net"]}, "allows calendars only for addresses at example.net"),
    ],
)
def test_what_the_organization_does_not_want_is_not_even_asked_for(browser, mina, typed, exchange, decision, words):
    factories.calendar_policy(mina.organization, **decision)

    for answer in (browser.get(FORM), browser.post(FORM, typed)):
        assert answer.status_code == 403
        assert words in text_of(answer)
        assert 'name="password"' not in answer.content.decode()
    assert exchange[0].calls == []


def test_a_lost_password_leads_back_to_the_form_which_renews_the_same_connection(browser, mina, typed):
    browser.post(FORM, typed)
    connection = Connection.objects.get()
    grants.end(connection.grant, EndReason.EXPIRED)
    connection.refresh_from_db()

    way = states.mend_url(connection)
    assert way == f"{FORM}?account={connection.uid}"
    form = browser.get(way).content.decode()
    assert 'value="mina@example.org"' in form
    assert typed["address"] in form

    browser.post(way, typed)
    renewed = Connection.objects.get()
    assert (renewed.pk, renewed.is_usable) == (connection.pk, True)


def test_a_test_by_hand_works_for_accounts_with_a_password(browser, mina, typed):
    browser.post(FORM, typed)
    connection = Connection.objects.get()
    Grant.objects.update(last_call_at=now())

    way = reverse("connection_test", args=[mina.organization.slug, connection.uid])

    assert "Tested: Exchange answered just now." in text_of(browser.post(way, follow=True))


def test_another_members_account_is_not_renewed(browser, olga, mina, typed):
    hers = factories.connection(olga, grant=factories.grant(provider="exchange", kind="password", scopes=[]))

    form = browser.get(f"{FORM}?account={hers.uid}").content.decode()

    assert hers.grant.email not in form

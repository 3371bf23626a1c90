"""The pages about a person's accounts."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from integrations import defaults, grants, states
from integrations.models import Connection, Grant, GrantStatus
from integrations.providers.zoom.provider import Zoom
from integrations.signals import connection_in_use
from integrations.types import AppKind, EndReason, Use
from tests import factories
from tests.integrations.conftest import PAULA, PEDRO

pytestmark = pytest.mark.django_db


def connected(membership, **fields) -> Connection:
    return factories.connection(membership, grant=factories.grant(**fields))


@pytest.fixture
def read(olga, sign_in):
    browser = sign_in(olga)
    return lambda name="conferencing", *args: browser.get(reverse(name, args=args)).content.decode()


@pytest.mark.row("IN-1")
def test_each_provider_has_a_section_with_connect_beside_it(read):
    page = read()

    assert "provider-zoom" in page
    assert "provider-builtin" in page
    assert 'href="/connect/zoom?next=' in page


@pytest.mark.row("CR-4")
def test_conferencing_services_stand_under_the_account(read):
    assert f'href="{reverse("conferencing")}"' in read()
    assert "Your account" in read()


@pytest.mark.row("CR-5")
def test_add_conferencing_service_opens_a_choice_and_zoom_leads_to_authorization(read):
    assert f'href="{reverse("add_conferencing")}"' in read()
    assert 'href="/connect/zoom?next=' in read("add_conferencing")


@pytest.mark.row("IN-18", "CR-16")
def test_the_page_says_in_plain_words_what_bridge_asks_for(read, olga):
    before = read()
    connected(olga)
    after = read()

    for scope in Zoom().scopes(AppKind.PERSONAL):
        assert str(scope.sentence) in before
        assert str(scope.sentence) in after


@pytest.mark.row("CR-14")
def test_uninstalling_at_zoom_is_named_as_an_alternative(read):
    assert "uninstall Bridge at Zoom" in read()
    assert f'href="{reverse("help_zoom")}#uninstall"' in read()


def test_a_working_account_shows_its_proof(read, olga):
    connected(olga, last_call="made", last_call_at=now() - timedelta(minutes=4))

    page = read()

    assert "Last call 4\xa0minutes ago: meeting created" in page


@pytest.mark.row("IN-22")
def test_a_broken_account_shows_reconnect_in_place_of_connect(read, olga):
    connection = connected(olga)
    grants.end(connection.grant, EndReason.ENDED)

    page = read()

    assert "Reconnect now" in page
    assert f'href="/connect/zoom?account={connection.uid}&amp;next=' in page
    assert 'Connect<span class="visually-hidden"> Zoom<' not in page


@pytest.mark.parametrize("status", [status for status in GrantStatus if status != GrantStatus.ACTIVE])
def test_each_broken_state_is_told_in_words(read, olga, status):
    connected(olga, status=status, email="mina@acme.example")

    page = read()

    assert "mina@acme.example" in page
    assert states.sentence(Grant.objects.get(), status) in html.unescape(page)


def test_missing_permissions_are_told_and_marked(read, olga):
    account = connected(olga)
    assert "Permissions missing" not in read()

    grants.lacks(account.grant, frozenset({"meeting:delete:meeting"}))
    page = read()

    assert "Permissions missing" in page
    assert page.count("Not allowed yet:") == 1


def test_a_broken_account_is_named_in_the_banner(read, olga):
    connection = connected(olga, email="mina@acme.example")
    grants.end(connection.grant, EndReason.ENDED)

    assert "Zoom account mina@acme.example" in read("profile")


def test_somebody_elses_accounts_are_not_shown(read, mallory):
    connected(mallory, email="mallory@zoom.example")

    assert "mallory@zoom.example" not in read()


@pytest.mark.row("CB-13")
def test_before_disconnecting_the_page_lists_what_is_affected_and_does_nothing(read, olga, zoom):
    connection = connected(olga)
    use = Use(label="Scheduler Intro call", url="/o/harbour/schedules/intro", kind="scheduler")

    def answer(sender: object, connection: Connection, **kwargs: Any) -> list[Use]:
        return [use]

    connection_in_use.connect(answer)
    page = read("disconnect", connection.uid)

    assert "Scheduler Intro call" in page
    assert use.url in page
    assert "join links keep working" in page
    assert Connection.objects.filter(pk=connection.pk).exists()


@pytest.mark.row("CB-13")
def test_disconnecting_by_the_button_ends_it_and_comes_back(olga, sign_in, after_commit, zoom):
    connection = connected(olga)
    browser = sign_in(olga)

    with after_commit():
        answer = browser.post(reverse("disconnect", args=[connection.uid]), {"next": "/dashboard/"})

    assert answer.url == "/dashboard/"
    assert not Connection.objects.exists()


def test_pressing_disconnect_twice_says_so(olga, sign_in):
    connection = connected(olga)
    browser, url = sign_in(olga), reverse("disconnect", args=[connection.uid])

    browser.post(url)
    page = browser.post(url, follow=True).content.decode()

    assert "not connected any more" in page


def test_somebody_elses_account_cannot_be_disconnected(mallory, olga, sign_in):
    connection = connected(olga)
    browser, url = sign_in(mallory), reverse("disconnect", args=[connection.uid])

    assert browser.get(url).status_code == 404
    browser.post(url)

    assert Connection.objects.filter(pk=connection.pk).exists()


def test_a_member_of_the_same_organization_cannot_disconnect_it_either(mina, olga, sign_in):
    connection = connected(olga)

    sign_in(mina).post(reverse("disconnect", args=[connection.uid]))

    assert Connection.objects.filter(pk=connection.pk).exists()


def test_forms_carry_the_token_against_forgery(olga):
    connection = connected(olga)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(olga.user)

    assert browser.post(reverse("disconnect", args=[connection.uid])).status_code == 403
    assert browser.post(reverse("make_default"), {"place": "builtin"}).status_code == 403
    assert Connection.objects.exists()


def test_names_of_accounts_are_never_markup(read, olga):
    connected(olga, email="<b>x</b>@acme.example")

    assert "<b>x</b>" not in read()


def test_one_account_and_three_take_the_same_number_of_queries(olga, sign_in, django_assert_num_queries):
    browser, url = sign_in(olga), reverse("conferencing")
    connected(olga)
    browser.get(url)
    with CaptureQueriesContext(database) as one:
        browser.get(url)
    connected(olga)
    connected(olga)

    with django_assert_num_queries(len(one)):
        browser.get(url)


def test_the_default_is_marked_and_the_others_can_become_it(olga, read):
    first, _second = connected(olga, email=PAULA), connected(olga, email=PEDRO)
    defaults.make_default(olga, "zoom", first)

    page = read()

    assert page.count(">Default<") == 1
    assert page.count("Make default") == 2  # the second account, and the built-in room

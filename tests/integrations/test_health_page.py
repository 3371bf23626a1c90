"""The page of a connection: proof instead of promises, and a test that asks the provider now."""

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import Membership
from integrations import grants, seats
from integrations.models import Connection, Grant, GrantStatus, LastCall
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import AppKind, EndReason
from tests import factories
from tests.integrations.conftest import PAULA, ConnectZoom


@pytest.fixture
def browser(olga: Membership, sign_in: Callable[..., Client]) -> Client:
    cache.clear()
    return sign_in(olga)


@pytest.fixture
def shared(olga: Membership) -> Connection:
    grant = factories.grant(kind=AppKind.ORGANIZATION.value, email="root@acme.example")
    return Connection.objects.create(organization=olga.organization, grant=grant)


def address(connection: Connection, name: str = "connection") -> str:
    return reverse(name, args=[connection.organization.slug, connection.uid])


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def tried(browser: Client, connection: Connection) -> str:
    """What the page says after "Test now"."""
    answer = browser.post(address(connection, "connection_test"), follow=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_the_conferencing_page_leads_to_it(olga, browser):
    connection = factories.connection(olga)

    assert address(connection) in read(browser, reverse("conferencing"))


def test_it_shows_the_last_call_and_what_it_was(olga, browser):
    connection = factories.connection(olga)
    Grant.objects.update(last_call=LastCall.MADE, last_call_at=now() - timedelta(minutes=4))

    assert "Last call 4\xa0minutes ago: meeting created" in read(browser, address(connection))


def test_it_says_when_access_is_renewed_next(olga, browser):
    connection = factories.connection(olga)
    Grant.objects.update(last_call_at=now())
    assert "With its next use" not in read(browser, address(connection))

    Grant.objects.update(last_call_at=now() - timedelta(days=3))
    assert "With its next use" in read(browser, address(connection))


def test_it_names_what_is_missing_in_plain_words(olga, browser):
    connection = factories.connection(olga)
    assert "Not allowed yet:" not in read(browser, address(connection))

    grants.lacks(connection.grant, frozenset({"meeting:delete:meeting"}))

    page = read(browser, address(connection))
    assert "Permissions missing" in page
    assert page.count("Not allowed yet:") == 1
    assert "Allow what is missing" in page


def test_it_lists_what_depends_on_it(olga, browser):
    connection = factories.connection(olga)
    scheduler = factories.scheduler(olga, name="Board talk", place="zoom", connection=connection)
    booking = factories.booking(scheduler)
    factories.meeting(booking, place="zoom", connection=connection)

    page = read(browser, address(connection))

    assert page.count("Board talk") == 2
    assert "Ivan Invitee" in page


@pytest.mark.parametrize("reason", [EndReason.REVOKED, EndReason.ENDED, EndReason.EXPIRED])
def test_of_an_account_that_ended_it_says_so_and_offers_no_test(olga, browser, reason):
    connection = factories.connection(olga, grant=factories.grant(email=PAULA))
    grants.end(connection.grant, reason)

    page = read(browser, address(connection))

    assert "Test now" not in page
    assert "there is no access left to renew" in page
    assert f"/connect/zoom?account={connection.uid}" in page
    assert (PAULA in page) == (reason != EndReason.REVOKED)
    assert "no access left to test" in tried(browser, connection)


# Test now


def test_a_test_asks_zoom_now(olga, browser, connect_zoom: ConnectZoom, zoom: ZoomSimulator):
    connection = connect_zoom(olga)
    asked = len(zoom.calls)

    assert "Tested: Zoom answered just now." in tried(browser, connection)
    assert [call.path for call in zoom.calls[asked:]] == ["/v2/users/me"]


@pytest.mark.row("CB-15")
def test_a_test_finds_an_uninstall_that_nobody_told_us(olga, browser, connect_zoom: ConnectZoom, zoom: ZoomSimulator):
    connection = connect_zoom(olga)
    zoom.uninstall(PAULA)

    assert "access was taken back" in tried(browser, connection)
    assert Connection.objects.get().status == GrantStatus.REVOKED


@pytest.mark.parametrize(
    "fault", ["drop_before", "drop_after", "empty", "truncated", "status", "rate_limit", "latency"]
)
def test_trouble_at_zoom_is_a_sentence_and_no_state(
    olga, browser, connect_zoom: ConnectZoom, zoom: ZoomSimulator, settings, fault
):
    settings.PROVIDER_TIMEOUT = 0.3
    connection = connect_zoom(olga)
    zoom.faults.add(fault, path="/v2/users/me", times=1, seconds=1)

    page = tried(browser, connection)

    assert "Zoom" in page
    assert "Tested:" not in page
    assert Connection.objects.get().is_usable
    assert Grant.objects.get().check_problem in page


def test_tests_are_limited(olga, browser, connect_zoom: ConnectZoom, zoom: ZoomSimulator):
    connection = connect_zoom(olga)
    for _attempt in range(10):
        tried(browser, connection)
    asked = len(zoom.calls)

    assert "try again in a minute" in tried(browser, connection)
    assert len(zoom.calls) == asked


def test_a_test_changes_something_and_so_is_no_link(olga, browser):
    assert browser.get(address(factories.connection(olga), "connection_test")).status_code == 405


# The organization's


def test_an_admin_sees_how_the_organizations_account_is(adam, shared, sign_in):
    for member in (adam, factories.membership(organization_=adam.organization)):
        seats.seat_of(shared, member)

    page = read(sign_in(adam), reverse("organization_health", args=[adam.organization.slug, "zoom"]))

    assert "root@acme.example" in page
    assert "2 members can host with it." in page


def test_his_test_says_that_the_app_is_not_the_one_any_more(adam, shared, sign_in):
    address = reverse("organization_health_test", args=[adam.organization.slug, "zoom"])

    page = html.unescape(sign_in(adam).post(address, follow=True).content.decode())

    assert "app at the service was exchanged for another" in page
    assert Connection.objects.get().is_usable


def test_without_one_the_way_leads_to_connecting(adam, sign_in):
    answer = sign_in(adam).get(reverse("organization_health", args=[adam.organization.slug, "zoom"]))

    assert answer["Location"] == reverse("organization_provider", args=[adam.organization.slug, "zoom"])


# The cost


def test_the_page_costs_the_same_for_one_use_and_for_three(olga, browser):
    connection = factories.connection(olga)

    def queries() -> int:
        with CaptureQueriesContext(database) as captured:
            read(browser, address(connection))
        return len(captured)

    def use() -> None:
        scheduler = factories.scheduler(olga, place="zoom", connection=connection)
        factories.meeting(factories.booking(scheduler), place="zoom", connection=connection)

    use()
    read(browser, address(connection))
    one = queries()
    use()
    use()

    assert queries() == one

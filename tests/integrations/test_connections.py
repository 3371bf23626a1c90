"""Connecting and reconnecting: which account, which row, and what revives."""

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db import connections as databases
from django.urls import reverse

from integrations import conferencing, connections, grants
from integrations.exceptions import AuthorizationLost, RequestRejected
from integrations.models import Connection, Grant, GrantStatus
from integrations.types import EndReason, Identity
from tests import factories
from tests.integrations.conftest import PAULA, PEDRO, REQUEST

pytestmark = pytest.mark.django_db


# --- Connecting -------------------------------------------------------------------------------------------------------


@pytest.mark.row("CB-9", "IN-2")
def test_a_connected_account_stands_in_the_list_with_its_email(olga, connect_zoom, sign_in):
    connect_zoom(olga)

    assert PAULA in sign_in(olga).get(reverse("conferencing")).content.decode()


def test_who_authorized_is_stored_by_zooms_id(olga, connect_zoom, zoom):
    grant = connect_zoom(olga).grant

    user = zoom.user(PAULA)
    assert (grant.external_id, grant.account_id, grant.email, grant.paid) == (user.id, user.account_id, PAULA, True)
    assert set(grant.scopes) >= {"meeting:write:meeting", "user:read:user"}


@pytest.mark.row("CB-10")
def test_a_person_has_several_accounts_each_with_its_row(olga, connect_zoom, sign_in):
    connect_zoom(olga, PAULA)
    connect_zoom(olga, PEDRO)

    page = sign_in(olga).get(reverse("conferencing")).content.decode()

    assert olga.connections.count() == Grant.objects.count() == 2
    assert PAULA in page
    assert PEDRO in page


@pytest.mark.row("CB-12")
def test_adding_a_connected_account_again_renews_it_and_makes_no_second_row(olga, connect_zoom, zoom):
    first = connect_zoom(olga)
    old = first.grant.access_token

    second = connect_zoom(olga)

    assert (second.pk, second.uid, second.grant_id) == (first.pk, first.uid, first.grant_id)
    assert second.grant.access_token != old
    assert Connection.objects.count() == Grant.objects.count() == 1
    assert conferencing.create_meeting(second, REQUEST)


@pytest.mark.row("CB-12")
def test_a_changed_email_at_zoom_is_still_the_same_account(olga, connect_zoom, zoom):
    first = connect_zoom(olga)
    zoom.change_user(PAULA, email="paula.new@acme.example")

    second = connect_zoom(olga, "paula.new@acme.example")

    assert second.pk == first.pk


def test_the_same_email_with_another_id_is_another_account(olga):
    token = factories.token(scopes=frozenset())
    for external_id in ("one", "two"):
        identity = Identity(external_id=external_id, account_id="a", email=PAULA, name="P", paid=True)
        connections.connect(olga, "zoom", token, identity)

    assert olga.connections.count() == 2


@pytest.mark.row("IN-12")
def test_two_bridge_accounts_share_one_grant_and_both_work(olga, mallory, connect_zoom, zoom):
    """Zoom kills the first one's tokens when the second authorizes: so there is one row of tokens."""
    first, second = connect_zoom(olga), connect_zoom(mallory)

    assert first.grant_id == second.grant_id
    assert conferencing.create_meeting(first, REQUEST)
    assert conferencing.create_meeting(second, REQUEST)


def test_the_database_refuses_a_second_grant_of_one_app_and_user(olga):
    grant = factories.grant()

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.grant(client_id=grant.client_id, external_id=grant.external_id)


def test_the_database_refuses_a_second_connection_of_one_member_to_one_grant(olga):
    connection = factories.connection(olga)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.connection(olga, grant=connection.grant)


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each of them came to, an error included; all start together, each in a thread of its own."""
    together, outcomes = threading.Barrier(len(works)), list[object]()

    def run(work: Callable[[], object]) -> None:
        together.wait()
        try:
            outcomes.append(work())
        except Exception as error:
            outcomes.append(error)
        finally:
            databases.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.row("CB-12")
@pytest.mark.django_db(transaction=True)
def test_the_same_account_connected_ten_times_at_once_is_one_row(olga):
    identity = Identity(external_id="one", account_id="a", email=PAULA, name="P", paid=True)
    token = factories.token(scopes=frozenset())

    outcomes = at_once(*[lambda: connections.connect(olga, "zoom", token, identity).pk] * 10)

    assert outcomes == [Connection.objects.get().pk] * 10
    assert Grant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_disconnecting_and_connecting_at_once_leaves_either_all_or_nothing(olga, zoom):
    identity = Identity(external_id="one", account_id="a", email=PAULA, name="P", paid=True)
    token = factories.token(scopes=frozenset())
    connection = connections.connect(olga, "zoom", token, identity)

    outcomes = at_once(
        *[lambda: connections.disconnect(connection, by=olga.user)] * 3,
        *[lambda: connections.connect(olga, "zoom", token, identity)] * 3,
    )

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    grant = Grant.objects.get()
    assert grant.is_alive == olga.connections.exists()


def test_a_free_account_that_was_paid_before_is_ended_because_its_tokens_died(
    olga, connect_zoom, zoom, sign_in, consent
):
    connection = connect_zoom(olga)
    zoom.change_user(PAULA, type=1)
    browser = sign_in(olga)

    answer = browser.get(consent(browser.get("/connect/zoom")["Location"], PAULA))

    connection.refresh_from_db()
    assert answer.status_code == 400
    assert connection.grant.status == GrantStatus.ENDED
    assert not connection.is_usable


def test_a_refused_account_raises_before_anything_is_stored(olga, zoom):
    free = Identity(external_id="x", account_id="a", email="f@free.example", name="F", paid=False)

    with pytest.raises(RequestRejected, match="free Zoom account"):
        connections.connect(olga, "zoom", factories.token(), free)

    assert not Grant.objects.exists()


def test_an_unknown_plan_is_given_the_benefit_of_the_doubt(olga):
    unclear = Identity(external_id="x", account_id="a", email="f@acme.example", name="F", paid=None)

    assert connections.connect(olga, "zoom", factories.token(scopes=frozenset()), unclear).is_usable


# --- Reconnecting -----------------------------------------------------------------------------------------------------


@pytest.mark.row("IN-22")
def test_reconnecting_restores_the_same_row_and_tells(olga, connect_zoom, zoom, told, after_commit):
    connection = connect_zoom(olga)
    grants.end(Grant.objects.get(), EndReason.REVOKED)
    with after_commit():
        again = connect_zoom(olga)

    assert again.pk == connection.pk
    assert again.is_usable
    assert ("restored", connection.pk) in told


def test_renewing_a_working_account_is_told_too_because_it_may_have_lacked_a_permission(
    olga, connect_zoom, told, after_commit
):
    connection = connect_zoom(olga)

    with after_commit():
        connect_zoom(olga)

    assert told == [("restored", connection.pk)]


def test_nothing_revives_by_itself_in_another_bridge_account(olga, mallory, connect_zoom, zoom):
    hers, his = connect_zoom(olga), connect_zoom(mallory)
    grants.end(Grant.objects.get(), EndReason.REVOKED)

    connect_zoom(olga)

    hers.refresh_from_db()
    his.refresh_from_db()
    assert hers.is_usable
    assert not his.is_usable
    assert his.status == GrantStatus.REVOKED
    with pytest.raises(AuthorizationLost):
        conferencing.create_meeting(his, REQUEST)
    assert zoom.meetings(PAULA) == []


def test_signing_in_as_somebody_else_leaves_the_broken_account_as_it_was(olga, connect_zoom, sign_in, consent):
    broken = connect_zoom(olga)
    grants.end(Grant.objects.get(), EndReason.ENDED)
    browser = sign_in(olga)
    address = browser.get(f"/connect/zoom?account={broken.uid}")["Location"]

    page = browser.get(consent(address, PEDRO), follow=True).content.decode()

    broken.refresh_from_db()
    assert not broken.is_usable
    assert f"signed you in as {PEDRO}" in page


def test_after_bridges_app_was_exchanged_reconnecting_moves_the_row_to_the_new_one(olga, connect_zoom, zoom, settings):
    connection = connect_zoom(olga)
    zoom.add_app("newer", "newer-secret", ["http://testserver/connect/zoom/callback"])
    settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET = "newer", "newer-secret"

    again = connect_zoom(olga)

    assert again.pk == connection.pk
    assert again.grant.client_id == "newer"
    assert conferencing.create_meeting(again, REQUEST)

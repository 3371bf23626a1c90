"""Connecting, renewing and letting go; what is shared by several, and what survives."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db import connections as databases
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import AuditEntry
from integrations import conferencing, connections, defaults, grants, revocations
from integrations.exceptions import AuthorizationLost, RequestRejected
from integrations.models import Connection, Grant, GrantStatus
from integrations.signals import connection_ended, connection_going, connection_in_use, connection_restored
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import EndReason, Identity, Use
from outbox.models import Intent
from tests import factories
from tests.integrations.conftest import PAULA, PEDRO, REQUEST

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(db: None) -> Any:
    """Which signals were sent, in order: (name, connection pk)."""
    heard: list[tuple[str, int | None]] = []
    signals = {"ended": connection_ended, "restored": connection_restored, "going": connection_going}
    listeners = {}
    for name, signal in signals.items():
        listeners[name] = lambda sender, connection, name=name, **kwargs: heard.append((name, connection.pk))
        signal.connect(listeners[name], weak=False)
    yield heard
    for name, signal in signals.items():
        signal.disconnect(listeners[name])


def calls(zoom: ZoomSimulator, path: str) -> int:
    return sum(call.path == path for call in zoom.calls)


# Connecting


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


# Reconnecting


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


# Disconnecting


@pytest.mark.row("CB-13", "CR-12")
def test_disconnecting_ends_that_one_and_leaves_the_others_alone(olga, connect_zoom, zoom, after_commit):
    first, second = connect_zoom(olga, PAULA), connect_zoom(olga, PEDRO)

    with after_commit():
        connections.disconnect(first, by=olga.user)

    assert list(olga.connections.all()) == [second]
    assert conferencing.create_meeting(second, REQUEST)


@pytest.mark.row("CR-12", "CR-16")
def test_with_the_last_connection_the_access_is_given_back_and_erased(olga, connect_zoom, zoom, after_commit):
    connection = connect_zoom(olga)

    with after_commit():
        connections.disconnect(connection, by=olga.user)

    assert not zoom.installed(PAULA)
    assert not Grant.objects.exists()


@pytest.mark.row("CR-13", "IN-9")
def test_disconnecting_deletes_no_meeting(olga, connect_zoom, zoom, after_commit):
    connection = connect_zoom(olga)
    created = conferencing.create_meeting(connection, REQUEST)

    with after_commit():
        connections.disconnect(connection, by=olga.user)

    assert [str(meeting.id) for meeting in zoom.meetings(PAULA)] == [created.external_id]
    assert calls(zoom, f"/v2/meetings/{created.external_id}") == 0


@pytest.mark.row("IN-12")
def test_disconnecting_in_one_bridge_account_does_not_touch_another(olga, mallory, connect_zoom, zoom, after_commit):
    hers, his = connect_zoom(olga), connect_zoom(mallory)

    with after_commit():
        connections.disconnect(hers, by=olga.user)

    assert zoom.installed(PAULA)
    assert conferencing.create_meeting(his, REQUEST)


def test_disconnecting_twice_is_disconnecting_once(olga, connect_zoom, zoom, told, after_commit):
    connection = connect_zoom(olga)

    with after_commit():
        connections.disconnect(connection, by=olga.user)
        connections.disconnect(connection, by=olga.user)

    assert told == [("going", connection.pk), ("ended", connection.pk)]
    assert calls(zoom, "/oauth/revoke") == 1


def test_disconnecting_works_with_a_dead_token(olga, connect_zoom, zoom, after_commit):
    connection = connect_zoom(olga)
    zoom.uninstall(PAULA)

    with after_commit():
        connections.disconnect(connection, by=olga.user)

    assert not Grant.objects.exists()


def test_disconnecting_an_ended_account_owes_nothing_to_zoom(olga, connect_zoom, zoom, after_commit):
    connection = connect_zoom(olga)
    grants.end(Grant.objects.get(), EndReason.REVOKED)

    with after_commit():
        connections.disconnect(connection, by=olga.user)

    assert not Grant.objects.exists()
    assert not Intent.objects.filter(kind="revocation").exists()


def test_disconnecting_works_with_an_expired_token(olga, connect_zoom, zoom, after_commit):
    connection = connect_zoom(olga)
    Grant.objects.update(expires_at=now())
    zoom.advance(hours=2)

    with after_commit():
        connections.disconnect(connection, by=olga.user)

    assert not zoom.installed(PAULA)
    assert not Grant.objects.exists()


def test_an_access_token_that_zoom_forgot_is_renewed_to_give_the_access_back(olga, connect_zoom, zoom, after_commit):
    connection = connect_zoom(olga)
    zoom.advance(hours=2)

    with after_commit():
        connections.disconnect(connection, by=olga.user)

    assert not zoom.installed(PAULA)


def test_with_zoom_down_the_account_is_gone_at_once_and_the_access_is_given_back_later(
    olga, connect_zoom, zoom, after_commit
):
    connection = connect_zoom(olga)
    zoom.faults.add("status", path="/oauth/*", status=503)

    with after_commit():
        connections.disconnect(connection, by=olga.user)
    assert not olga.connections.exists()
    assert zoom.installed(PAULA)

    zoom.faults.clear()
    Intent.objects.update(due_at=now())
    with after_commit():
        pass
    assert not zoom.installed(PAULA)
    assert not Grant.objects.exists()


def test_after_a_day_of_trying_the_tokens_are_erased_all_the_same(olga, connect_zoom, zoom, after_commit):
    connection = connect_zoom(olga)
    zoom.faults.add("status", path="/oauth/*", status=503)
    with after_commit():
        connections.disconnect(connection, by=olga.user)
    Grant.objects.update(ended_at=now() - timedelta(days=1))
    Intent.objects.update(due_at=now())

    with after_commit():
        pass

    assert not Grant.objects.exists()
    assert not Intent.objects.pending().exists()


def test_an_account_that_is_connected_again_is_not_revoked_by_what_was_owed(olga, connect_zoom, zoom, after_commit):
    connection = connect_zoom(olga)
    zoom.faults.add("status", path="/oauth/revoke", status=503)
    with after_commit():
        connections.disconnect(connection, by=olga.user)
    again = connect_zoom(olga)
    zoom.faults.clear()
    Intent.objects.update(due_at=now())

    with after_commit():
        pass

    assert zoom.installed(PAULA)
    assert not Intent.objects.pending().exists()
    assert conferencing.create_meeting(again, REQUEST)


def test_connecting_again_while_the_revocation_is_on_its_way_wins(olga, connect_zoom, zoom, after_commit, monkeypatch):
    """The worker has read the old tokens, then the person authorizes anew, then the worker asks Zoom."""
    connection = connect_zoom(olga)
    connections.disconnect(connection, by=olga.user)
    revoke = revocations._revoke

    def slow(grant: Grant) -> None:
        connect_zoom(olga)
        revoke(grant)

    monkeypatch.setattr(revocations, "_revoke", slow)
    with after_commit():
        pass

    assert zoom.installed(PAULA)
    assert conferencing.create_meeting(olga.connections.get(), REQUEST)


@pytest.mark.row("IN-11")
def test_disconnecting_the_default_moves_it_to_the_built_in_room(olga, connect_zoom, zoom, after_commit):
    connection = connect_zoom(olga)
    connect_zoom(olga, PEDRO)
    defaults.make_default(olga, "zoom", connection)

    with after_commit():
        connections.disconnect(connection, by=olga.user)

    assert defaults.default_of(olga).place == "builtin"


def test_disconnecting_another_account_leaves_the_default(olga, connect_zoom, zoom, after_commit):
    connection, other = connect_zoom(olga), connect_zoom(olga, PEDRO)
    defaults.make_default(olga, "zoom", connection)

    with after_commit():
        connections.disconnect(other, by=olga.user)

    assert defaults.default_of(olga).connection == connection


def test_uses_are_asked_of_the_floors_above(olga):
    connection = factories.connection(olga)
    use = Use(label="Intro call", url="/somewhere", kind="scheduler")

    def answer(sender: object, connection: Connection, **kwargs: Any) -> list[Use]:
        return [use]

    connection_in_use.connect(answer)

    assert use in connections.uses_of(connection)


def test_a_receiver_that_fails_does_not_stop_the_others(olga, told, after_commit):
    connection = factories.connection(olga)

    def fail(sender: object, **kwargs: Any) -> None:
        raise ValueError

    connection_ended.connect(fail)

    with after_commit():
        connections.disconnect(connection, by=olga.user)

    assert ("ended", connection.pk) in told
    connection_ended.disconnect(fail)


@pytest.mark.row("G-60", "IN-13")
def test_the_audit_log_knows_an_account_only_by_its_provider(olga, connect_zoom, zoom):
    """What Zoom says of people has to be erased when access ends, and the log cannot be."""
    connections.disconnect(connect_zoom(olga), by=olga.user)

    written = AuditEntry.objects.filter(act__startswith="connection.")
    assert [(entry.act, entry.subject) for entry in written.order_by("pk")] == [
        ("connection.connected", "Zoom"),
        ("connection.disconnected", "Zoom"),
    ]
    assert "paula@acme.example" not in str(list(AuditEntry.objects.values()))

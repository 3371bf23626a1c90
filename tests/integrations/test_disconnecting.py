"""Disconnecting: what ends, what stays, and what is owed to the provider."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from accounts.models import AuditEntry
from integrations import conferencing, connections, defaults, grants, revocations
from integrations.models import Connection, Grant
from integrations.signals import connection_ended, connection_in_use
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import EndReason, Use
from outbox.models import Intent
from tests import factories
from tests.integrations.conftest import PAULA, PEDRO, REQUEST

pytestmark = pytest.mark.django_db


def calls(zoom: ZoomSimulator, path: str) -> int:
    return sum(call.path == path for call in zoom.calls)


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

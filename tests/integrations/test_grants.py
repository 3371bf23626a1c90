"""A live access token whoever asks; a grant ends only when it is really over, and that is told once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections as databases
from django.db import transaction
from django.utils.timezone import now

from accounts.models import Membership
from integrations import conferencing, grants, oauth, registry, tasks, vendor_apps
from integrations.exceptions import AuthorizationLost, OperatorNeeded, ProviderUnavailable, RateLimited
from integrations.models import Connection, Grant, GrantStatus
from integrations.signals import connection_ended
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import EndReason
from tests.integrations.conftest import PAULA, PEDRO, ConnectZoom


@pytest.fixture
def connection(db: None, olga: Membership, connect_zoom: ConnectZoom) -> Connection:
    return connect_zoom(olga)


@pytest.fixture
def ended(db):
    """What was told of endings: (connection pk, reason)."""
    told: list[tuple[int, EndReason]] = []

    def listen(sender: object, connection: Connection, reason: EndReason, **kwargs: Any) -> None:
        told.append((connection.pk, reason))

    connection_ended.connect(listen, weak=False)
    yield told
    connection_ended.disconnect(listen)


def expire(grant: Grant, **moments: Any) -> Grant:
    Grant.objects.filter(pk=grant.pk).update(expires_at=now() - timedelta(minutes=1), **moments)
    return Grant.objects.get(pk=grant.pk)


def refreshes(zoom: ZoomSimulator) -> int:
    return sum(call.path == "/oauth/token" for call in zoom.calls) - 1  # the first one was the exchange


def test_a_fresh_token_is_used_as_it_is(connection, zoom):
    assert grants.access_token(connection.grant) == connection.grant.access_token
    assert refreshes(zoom) == 0


def test_an_expiring_token_is_renewed_and_the_rotated_pair_is_stored(connection, zoom):
    grant = expire(connection.grant)
    old = grant.access_token, grant.refresh_token

    token = grants.access_token(grant)

    grant.refresh_from_db()
    assert grant.access_token == token
    assert grant.access_token != old[0]
    assert grant.refresh_token != old[1]
    assert grant.is_fresh(now())
    assert grant.refreshing_until is None


@pytest.mark.django_db(transaction=True)
def test_fifty_users_of_one_expiring_grant_refresh_it_once(olga, connect_zoom, zoom):
    grant = expire(connect_zoom(olga).grant)
    together, tokens, failures = threading.Barrier(50), [], []

    def use() -> None:
        try:
            together.wait()
            tokens.append(grants.access_token(grant))
        except Exception as error:
            failures.append(error)
        finally:
            databases.close_all()

    threads = [threading.Thread(target=use) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(tokens) == 50
    assert len(set(tokens)) == 1
    assert refreshes(zoom) == 1


@pytest.mark.django_db(transaction=True)
def test_a_token_is_never_renewed_inside_somebodys_transaction(olga, connect_zoom, zoom):
    grant = expire(connect_zoom(olga).grant)

    with pytest.raises(RuntimeError), transaction.atomic():
        grants.access_token(grant)

    assert refreshes(zoom) == 0


def test_a_caller_with_an_old_copy_gets_what_another_has_renewed(connection, zoom):
    stale = expire(connection.grant)
    fresh = grants.access_token(Grant.objects.get(pk=stale.pk))

    assert grants.access_token(stale) == fresh
    assert refreshes(zoom) == 1


def test_a_lease_that_was_left_behind_runs_out(connection, zoom):
    grant = expire(connection.grant, refreshing_until=now() - timedelta(seconds=1))

    assert grants.access_token(grant)
    assert refreshes(zoom) == 1


def test_while_another_renews_we_wait_and_then_come_back_later(connection, zoom, monkeypatch):
    monkeypatch.setattr(grants, "WAIT", timedelta(seconds=0.2))
    grant = expire(connection.grant, refreshing_until=now() + timedelta(minutes=1))

    with pytest.raises(ProviderUnavailable) as caught:
        grants.access_token(grant)

    assert caught.value.reached is False
    assert refreshes(zoom) == 0


def test_invalid_grant_ends_it_erases_the_tokens_and_is_told_once(connection, zoom, after_commit, ended):
    grant = expire(connection.grant)
    zoom.uninstall(PAULA)

    with after_commit():
        for _ in range(3):
            with pytest.raises(AuthorizationLost):
                grants.access_token(grant)

    grant.refresh_from_db()
    connection.refresh_from_db()
    assert (grant.status, grant.sealed_access_token, grant.sealed_refresh_token) == (GrantStatus.REVOKED, "", "")
    assert grant.ended_at is not None
    assert not connection.is_usable
    assert ended == [(connection.pk, EndReason.REVOKED)]
    assert refreshes(zoom) == 1


def test_ninety_idle_days_are_called_expired(connection, zoom):
    long_ago = now() - timedelta(days=91)
    grant = expire(connection.grant, authorized_at=long_ago)
    zoom.advance(days=91)

    with pytest.raises(AuthorizationLost, match="90 days"):
        grants.access_token(grant)

    grant.refresh_from_db()
    assert grant.status == GrantStatus.EXPIRED


def test_invalid_grant_is_no_end_if_somebody_else_has_rotated(connection, zoom, monkeypatch):
    """Between our reading of the row and Zoom's answer another worker renewed it."""
    grant = expire(connection.grant)
    refresh = oauth.refresh

    def overtaken(provider, app, refresh_token):
        monkeypatch.setattr(oauth, "refresh", refresh)
        grants._store(Grant.objects.get(pk=grant.pk), refresh(provider, app, refresh_token))
        return refresh(provider, app, refresh_token)

    monkeypatch.setattr(oauth, "refresh", overtaken)

    token = grants.access_token(grant)

    grant.refresh_from_db()
    assert grant.status == GrantStatus.ACTIVE
    assert grant.access_token == token


def test_a_late_refresh_does_not_overwrite_a_newer_authorization(connection, zoom, olga, connect_zoom):
    before = expire(connection.grant)
    late = oauth.refresh(registry.oauth("zoom"), vendor_apps.app_of(before), before.refresh_token)
    connect_zoom(olga)

    grants._store(before, late)

    stored = Grant.objects.get(pk=connection.grant.pk)
    assert stored.access_token != late.access_token


@pytest.mark.parametrize("status", [400, 401])
def test_invalid_client_never_ends_a_grant(connection, zoom, settings, status, ended, after_commit):
    zoom.switches.client_error_status = status
    secret, settings.ZOOM_CLIENT_SECRET = settings.ZOOM_CLIENT_SECRET, "rotated"
    grant = expire(connection.grant)

    with after_commit(), pytest.raises(OperatorNeeded) as caught:
        grants.access_token(grant)

    grant.refresh_from_db()
    connection.refresh_from_db()
    assert caught.value.reached is False
    assert grant.status == GrantStatus.MISCONFIGURED
    assert grant.refresh_token
    assert connection.is_usable
    assert ended == []

    settings.ZOOM_CLIENT_SECRET = secret
    assert grants.access_token(grant)
    conferencing.delete_meeting(connection, "123")
    grant.refresh_from_db()
    assert grant.status == GrantStatus.ACTIVE


def test_another_client_id_does_not_end_the_grants_of_the_former(connection, zoom, settings):
    settings.ZOOM_CLIENT_ID = "another"
    grant = expire(connection.grant)

    with pytest.raises(OperatorNeeded):
        grants.access_token(grant)

    grant.refresh_from_db()
    assert grant.status == GrantStatus.MISCONFIGURED
    assert refreshes(zoom) == 0


def test_a_lost_encryption_key_is_our_trouble_and_not_the_end(connection, zoom, settings):
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another"

    with pytest.raises(OperatorNeeded):
        grants.access_token(connection.grant)

    expired = expire(connection.grant)
    with pytest.raises(OperatorNeeded):
        grants.access_token(expired)

    settings.SECRET_KEY = key
    assert grants.access_token(expired)


@pytest.mark.parametrize("fault", ["drop_before", "empty", "truncated", "status", "rate_limit"])
def test_zoom_down_at_a_refresh_is_no_status_of_the_grant(connection, zoom, fault):
    grant = expire(connection.grant)
    zoom.faults.add(fault, path="/oauth/token", times=1)

    with pytest.raises((ProviderUnavailable, RateLimited)):
        grants.access_token(grant)

    grant.refresh_from_db()
    assert grant.status == GrantStatus.ACTIVE
    assert grant.refreshing_until is None


def test_a_refresh_that_never_reached_zoom_succeeds_next_time(connection, zoom):
    grant = expire(connection.grant)
    zoom.faults.add("drop_before", path="/oauth/token", times=1)
    with pytest.raises(ProviderUnavailable):
        grants.access_token(grant)

    assert grants.access_token(grant)


def test_a_refresh_whose_answer_was_lost_asks_for_reconnecting(connection, zoom):
    """Zoom has no grace: the old refresh token is dead and the new one was lost."""
    grant = expire(connection.grant)
    zoom.faults.add("drop_after", path="/oauth/token", times=1)
    with pytest.raises(ProviderUnavailable):
        grants.access_token(grant)

    with pytest.raises(AuthorizationLost):
        grants.access_token(grant)

    grant.refresh_from_db()
    assert not grant.is_alive


def test_an_end_that_was_judged_by_older_tokens_does_not_hit_newer_ones(connection, zoom, olga, connect_zoom):
    judged = Grant.objects.get(pk=connection.grant.pk)
    connect_zoom(olga)

    grants.end(judged, EndReason.REVOKED)

    assert Grant.objects.get(pk=judged.pk).status == GrantStatus.ACTIVE


def test_all_connections_of_a_grant_end_with_it(connection, zoom, mallory, connect_zoom, after_commit, ended):
    other = connect_zoom(mallory)
    assert other.grant == connection.grant

    with after_commit():
        grants.end(Grant.objects.get(pk=other.grant.pk), EndReason.ENDED)

    assert sorted(ended) == [(connection.pk, EndReason.ENDED), (other.pk, EndReason.ENDED)]


def test_tokens_in_use_are_renewed_ahead_of_their_end(connection, zoom):
    Grant.objects.update(expires_at=now() + timedelta(minutes=10))

    tasks.refresh_ahead()

    assert refreshes(zoom) == 1
    assert Grant.objects.get().expires_at > now() + timedelta(minutes=50)


def test_idle_grants_are_renewed_after_a_month(connection, zoom):
    a_month_ago = now() - timedelta(days=31)
    Grant.objects.update(expires_at=a_month_ago, authorized_at=a_month_ago, last_call_at=a_month_ago)

    tasks.refresh_ahead()
    tasks.refresh_ahead()

    assert refreshes(zoom) == 1


def test_idle_grants_are_left_alone_for_a_month(connection, zoom):
    last_week = now() - timedelta(days=7)
    Grant.objects.update(expires_at=last_week, authorized_at=last_week, last_call_at=last_week)

    tasks.refresh_ahead()

    assert refreshes(zoom) == 0


def test_one_dead_grant_does_not_keep_the_others_from_being_renewed(connection, zoom, mina, connect_zoom):
    connect_zoom(mina, PEDRO)
    Grant.objects.update(expires_at=now() + timedelta(minutes=10))
    zoom.uninstall(PAULA)

    tasks.refresh_ahead()

    assert dict(Grant.objects.values_list("email", "status")) == {"": "revoked", PEDRO: "active"}


def test_once_our_settings_are_mended_the_state_is_too_without_a_booking(connection, zoom, settings):
    secret, settings.ZOOM_CLIENT_SECRET = settings.ZOOM_CLIENT_SECRET, "rotated"
    with pytest.raises(OperatorNeeded):
        grants.access_token(expire(connection.grant, last_call_at=now() - timedelta(days=3)))
    settings.ZOOM_CLIENT_SECRET = secret

    tasks.refresh_ahead()

    assert Grant.objects.get().status == GrantStatus.ACTIVE


def test_ended_grants_without_connections_are_forgotten(connection, olga):
    grants.end(Grant.objects.get(), EndReason.REVOKED)
    olga.delete()

    tasks.refresh_ahead()

    assert not Grant.objects.exists()


def test_grants_whose_member_is_gone_are_given_back(connection, zoom, olga, after_commit):
    olga.delete()

    with after_commit():
        tasks.refresh_ahead()

    assert not Grant.objects.exists()
    assert not zoom.installed(PAULA)

"""What becomes of a grant that the provider refuses to renew: an end, our own fault, or nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from integrations import conferencing, grants, oauth, registry, vendor_apps
from integrations.exceptions import AuthorizationLost, OperatorNeeded, ProviderUnavailable, RateLimited
from integrations.models import Connection, Grant, GrantStatus
from integrations.signals import connection_ended
from integrations.types import EndReason
from tests.integrations.conftest import PAULA
from tests.integrations.renewing import expire, refreshes


@pytest.fixture
def ended(db):
    """What was told of endings: (connection pk, reason)."""
    told: list[tuple[int, EndReason]] = []

    def listen(sender: object, connection: Connection, reason: EndReason, **kwargs: Any) -> None:
        told.append((connection.pk, reason))

    connection_ended.connect(listen, weak=False)
    yield told
    connection_ended.disconnect(listen)


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

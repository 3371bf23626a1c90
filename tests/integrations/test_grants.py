"""A live token whoever asks: one refresh at a time, ahead of its end, and what is forgotten."""

import threading
from datetime import timedelta

import pytest
from django.db import connections as databases
from django.db import transaction
from django.utils.timezone import now

from integrations import grants, tasks
from integrations.exceptions import OperatorNeeded, ProviderUnavailable
from integrations.models import Grant, GrantStatus
from integrations.types import EndReason
from tests.integrations.conftest import PAULA, PEDRO
from tests.integrations.renewing import expire, refreshes


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

"""The regular look at accounts: it finds what no webhook tells, and no outage is mistaken for an end."""

from datetime import timedelta
from typing import Any

import pytest
import requests
from django.test import Client
from django.utils.timezone import now

from accounts.models import Email, Membership
from integrations import arrivals, health, setup_links, tasks
from integrations.models import Connection, Grant, GrantStatus, LastCall, Seat
from integrations.simulators.zoom.simulator import ZoomSimulator
from integrations.types import AppKind
from tests import factories
from tests.integrations.conftest import PAULA, PEDRO, ConnectZoom

ROOT = "root@acme.example"
LONG_AGO = timedelta(days=2)


@pytest.fixture
def connection(olga: Membership, connect_zoom: ConnectZoom) -> Connection:
    return connect_zoom(olga)


@pytest.fixture
def join(zoom: ZoomSimulator, settings: Any, olga: Membership, client: Client) -> Any:
    """join(email): this Zoom admin connects Zoom for all of Harbour."""
    callback = "http://testserver/connect/zoom/organization/callback"
    zoom.add_app(settings.ZOOM_ADMIN_CLIENT_ID, settings.ZOOM_ADMIN_CLIENT_SECRET, [callback], admin_managed=True)

    def joined(email: str) -> Connection:
        zoom.switches.consents_as = email
        _link, secret = setup_links.issue(olga, "zoom")
        page = f"/connect/zoom/organization/{secret}"
        seen = client.get(page).context["seen"]
        there = client.get(f"{page}/start?seen={seen}")
        back = requests.get(there["Location"], allow_redirects=False, timeout=10)
        client.get(back.headers["Location"].removeprefix("http://testserver"))
        for arrival in olga.organization.arrivals.all():
            arrivals.confirm(olga.organization, arrival.uid, by=olga.user)
        return Connection.objects.get(organization=olga.organization, membership=None)

    return joined


def due(**moments: Any) -> None:
    """Nobody has looked for long."""
    Grant.objects.update(checked_at=now() - LONG_AGO, **moments)


def looks(zoom: ZoomSimulator) -> int:
    return sum(call.path == "/v2/users/me" for call in zoom.calls) - 1  # the first was on connecting


def test_an_account_that_works_is_looked_at_and_left_as_it_was(connection, zoom):
    due()
    before = Grant.objects.values("last_call_at", "status", "refreshed_at").get()

    tasks.look_round()

    grant = Grant.objects.get()
    assert Grant.objects.values("last_call_at", "status", "refreshed_at").get() == before
    assert (grant.check_problem, looks(zoom)) == ("", 1)
    assert now() - grant.checked_at < timedelta(minutes=1)


def test_it_is_looked_at_once_a_day_and_not_in_each_round(connection, zoom):
    tasks.look_round()
    assert looks(zoom) == 0

    due()
    tasks.look_round()
    tasks.look_round()
    assert looks(zoom) == 1


@pytest.mark.row("CB-15")
def test_a_private_app_that_was_uninstalled_silently_is_found(connection, zoom):
    zoom.uninstall(PAULA)
    due()

    tasks.look_round()

    found = Connection.objects.get()
    assert (found.status, found.is_usable) == (GrantStatus.REVOKED, False)
    assert Email.objects.get().to == "olga@example.org"


@pytest.mark.row("CL-14")
def test_a_connecting_admin_who_lost_the_role_is_found_and_the_admins_are_told(join, zoom, adam, mina):
    shared = join(_admin(zoom))
    zoom.change_user(ROOT, role_name="Member")
    due()

    tasks.look_round()

    shared.refresh_from_db()
    assert shared.status == GrantStatus.ROLE_LOST
    assert {email.to for email in Email.objects.all()} == {"olga@example.org", "adam@example.org"}


@pytest.mark.row("CL-14")
def test_a_lost_role_is_found_while_the_tokens_still_work(join, zoom):
    shared = join(_admin(zoom))
    zoom.switches.members_pass = True
    zoom.change_user(ROOT, role_name="Member")
    due()

    tasks.look_round()

    shared.refresh_from_db()
    assert shared.status == GrantStatus.ROLE_LOST
    assert Grant.objects.get().sealed_refresh_token == ""


@pytest.mark.row("CL-15")
def test_another_zoom_admin_restores_it_for_the_same_members(join, zoom, mina, after_commit):
    with after_commit():
        shared = join(_admin(zoom))
    seats = set(Seat.objects.values_list("membership", flat=True))
    zoom.change_user(ROOT, role_name="Member")
    due()
    tasks.look_round()

    with after_commit():
        again = join(_admin(zoom, "second@acme.example"))

    assert again.pk == shared.pk
    assert again.is_usable
    assert set(Seat.objects.filter(connection=again).values_list("membership", flat=True)) == seats
    assert again.alerts_sent == 0


@pytest.mark.row("CL-22")
def test_a_zoom_account_that_was_removed_ends_the_organizations_connection(join, zoom):
    shared = join(_admin(zoom))
    zoom.remove_user(ROOT)
    due()

    tasks.look_round()

    shared.refresh_from_db()
    assert not shared.is_usable
    assert Email.objects.get().subject == "Action required: Zoom stopped working for Harbour"


@pytest.mark.parametrize("fault", ["drop_before", "status", "truncated", "rate_limit", "empty"])
def test_an_outage_ends_nothing_and_nobody_is_told(connection, zoom, fault):
    zoom.faults.add(fault, path="/v2/users/me", times=3)
    due()

    tasks.look_round()

    grant = Grant.objects.get()
    assert grant.status == GrantStatus.ACTIVE
    assert grant.check_problem
    assert not Email.objects.exists()

    due()
    zoom.faults.clear()
    tasks.look_round()
    assert Grant.objects.get().check_problem == ""


def test_where_zoom_does_not_answer_the_others_wait_for_the_next_round(connection, zoom, mina, connect_zoom):
    connect_zoom(mina, PEDRO)
    before = looks(zoom)
    zoom.faults.add("drop_before", path="/v2/users/me", times=9)
    due()

    tasks.look_round()
    assert Grant.objects.filter(checked_at__lt=now() - timedelta(days=1)).count() == 1

    zoom.faults.clear()
    tasks.look_round()
    assert not Grant.objects.filter(checked_at__lt=now() - timedelta(days=1)).exists()
    assert looks(zoom) == before + 2


def test_a_round_is_bounded_and_takes_the_oldest_first(olga, zoom):
    for number in range(8):
        made = factories.connection(olga)
        Grant.objects.filter(pk=made.grant_id).update(checked_at=now() - timedelta(days=2 + number))

    assert [grant.pk for grant in health._due()] == [
        *Grant.objects.order_by("checked_at").values_list("pk", flat=True)[: health.FEW]
    ]
    assert health._share(10**6) == health.MOST


def test_a_round_that_takes_too_long_leaves_the_rest_to_the_next(connection, zoom, mina, connect_zoom, monkeypatch):
    connect_zoom(mina, PEDRO)
    before = looks(zoom)
    zoom.faults.add("latency", path="/v2/users/me", times=1, seconds=0.3)
    monkeypatch.setattr(health, "LONGEST", 0.2)
    due()

    tasks.look_round()

    assert looks(zoom) == before + 1


def test_a_look_belongs_to_one_worker(connection):
    due()
    seen = [Grant.objects.get(), Grant.objects.get()]

    assert [health._claim(grant) for grant in seen] == [True, False]


def test_what_nobody_uses_or_has_ended_is_left_alone(olga, zoom):
    factories.grant()
    ended = factories.connection(olga)
    Connection.objects.filter(pk=ended.pk).update(ended_at=now(), ended_status=GrantStatus.ENDED)
    due()

    assert list(health._due()) == []


def test_an_admin_who_connected_again_meanwhile_has_not_lost_it(olga):
    grant = factories.grant(kind=AppKind.ORGANIZATION.value)
    Connection.objects.create(organization=olga.organization, grant=grant)
    Grant.objects.filter(pk=grant.pk).update(authorized_at=now() + timedelta(seconds=1))

    assert health._role_lost(grant).problem == ""
    assert Grant.objects.get().is_alive


def test_a_look_is_no_use_that_keeps_tokens_fresh_all_day(connection):
    Grant.objects.update(last_call_at=now() - timedelta(days=3), last_call=LastCall.MADE)
    due(expires_at=now() - timedelta(minutes=1))

    tasks.look_round()

    assert Grant.objects.get().last_call == LastCall.MADE
    assert Grant.objects.get().last_call_at < now() - timedelta(days=2)


def _admin(zoom: ZoomSimulator, email: str = ROOT) -> str:
    zoom.add_user(email, account="Acme", role_name="Admin")
    return email

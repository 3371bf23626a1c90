"""How a connection is, in a sentence, and whose it is to do something about it."""

import html
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import Membership
from integrations import defaults, erasures, grants, oauth, seats, states, tasks
from integrations.exceptions import AuthorizationLost
from integrations.models import Connection, Grant, GrantStatus, SeatState
from integrations.types import APP_KINDS, AppKind, EndReason
from tests import factories
from tests.integrations.conftest import PAULA, ConnectZoom


def own_app(of: Membership, kind: AppKind = AppKind.PERSONAL) -> dict[str, object]:
    made = factories.vendor_app(of, kind=kind, account_id="acme" if kind == AppKind.SERVER else "")
    return {"app": made, "client_id": made.client_id, "kind": kind.value}


def shared(of: Membership, **fields: object) -> Connection:
    fields = {"kind": AppKind.ORGANIZATION.value} | fields
    return Connection.objects.create(organization=of.organization, grant=factories.grant(**fields))


@pytest.mark.parametrize("status", GrantStatus)
def test_each_state_has_its_own_sentence_and_button(olga, status):
    connections = {
        one: factories.connection(olga, grant=factories.grant(status=one, ended_at=now())) for one in GrantStatus
    }
    found = {one: states.of(connection) for one, connection in connections.items()}
    state = found.pop(status)

    assert state.sentence not in {other.sentence for other in found.values()}
    assert state.action not in {other.action for other in found.values()}
    assert state.label not in {other.label for other in found.values()}


def test_a_personal_account_is_mended_by_signing_in_there_again(olga):
    connection = factories.connection(olga)
    grants.end(connection.grant, EndReason.ENDED)

    state = states.of(Connection.objects.get())

    assert state.broken
    assert state.url == f"/connect/zoom?account={connection.uid}"


def test_an_organizations_account_is_mended_on_its_page(olga):
    connection = shared(olga)
    grants.end(connection.grant, EndReason.ROLE_LOST)

    assert states.of(Connection.objects.get()).url == reverse(
        "organization_provider", args=[olga.organization.slug, "zoom"]
    )


def test_the_installations_app_is_for_whoever_runs_bridge(olga):
    state = states.of(factories.connection(olga, grant=factories.grant(status=GrantStatus.MISCONFIGURED)))

    assert not state.broken
    assert "whoever runs Bridge" in state.sentence


@pytest.mark.parametrize("kind", APP_KINDS)
def test_an_own_app_is_for_an_admin_on_the_apps_page(olga, kind):
    grant = factories.grant(status=GrantStatus.MISCONFIGURED, **own_app(olga, kind))
    whose = {"membership": olga if kind == AppKind.PERSONAL else None}

    state = states.of(Connection.objects.create(organization=olga.organization, grant=grant, **whose))

    assert state.broken
    assert "an admin of your organization" in state.sentence
    assert state.url == reverse("vendor_app", args=[olga.organization.slug, "zoom", kind.value])


def test_a_member_is_not_sent_to_a_page_that_is_closed_to_him(olga, mina, sign_in):
    connection = factories.connection(mina, grant=factories.grant(status=GrantStatus.MISCONFIGURED, **own_app(olga)))

    state = states.of(connection)
    page = sign_in(mina).get(reverse("conferencing")).content.decode()

    assert (state.action, state.url, state.broken) == ("", "", False)
    assert state.sentence in html.unescape(page)
    assert "/apps/personal" not in page


def test_credentials_that_are_refused_were_taken_back_by_nobody(olga):
    connection = shared(olga, **own_app(olga, AppKind.SERVER), email="")
    grants.end(connection.grant, EndReason.ENDED)

    state = states.of(Connection.objects.get())

    assert "your organization’s own app" in state.sentence
    assert state.url == reverse("vendor_app", args=[olga.organization.slug, "zoom", "server"])


def test_the_organizations_page_leads_to_the_app_that_is_refused(adam, sign_in):
    connection = shared(adam, **own_app(adam, AppKind.SERVER), email="")
    grants.end(connection.grant, EndReason.ENDED)
    slug = adam.organization.slug

    page = html.unescape(sign_in(adam).get(reverse("organization_provider", args=[slug, "zoom"])).content.decode())

    assert "Check your own app" in page
    assert f'href="{reverse("vendor_app", args=[slug, "zoom", "server"])}"' in page
    assert reverse("organization_health", args=[slug, "zoom"]) in page


def test_an_end_keeps_its_day_when_another_has_renewed_the_account(olga, mallory):
    hers = factories.connection(olga)
    grants.end(hers.grant, EndReason.ENDED)
    Connection.objects.update(ended_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    Grant.objects.update(status=GrantStatus.ACTIVE, ended_at=None)

    assert "on March 5, 2026" in states.of(Connection.objects.get()).sentence


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (AppKind.PERSONAL, GrantStatus.REVOKED),
        (AppKind.ORGANIZATION, GrantStatus.ROLE_LOST),
        (AppKind.SERVER, GrantStatus.ENDED),
    ],
)
def test_what_a_refusal_means_hangs_on_whose_word_it_was(olga, zoom, kind, status, monkeypatch):
    def refuse(*_asked: object) -> None:
        raise AuthorizationLost("Invalid Token!")

    app = own_app(olga, kind)
    owner = olga if kind == AppKind.PERSONAL else None
    grant = factories.grant(**app, expires_at=now())
    Connection.objects.create(organization=olga.organization, membership=owner, grant=grant)
    Grant.objects.update(expires_at=now())
    monkeypatch.setattr(oauth, "refresh", refuse)

    with pytest.raises(AuthorizationLost):
        grants.access_token(grant)

    assert Grant.objects.get().status == status


# What is kept of people


@pytest.mark.row("IN-13")
def test_who_takes_access_back_is_forgotten_at_once(olga, connect_zoom: ConnectZoom, zoom):
    connection = connect_zoom(olga)
    known = connection.grant.external_id

    zoom.uninstall(PAULA)
    Grant.objects.update(expires_at=now())
    with pytest.raises(AuthorizationLost):
        grants.access_token(Grant.objects.get())

    grant = Grant.objects.get()
    assert (grant.email, grant.name, grant.account_id, grant.sealed_refresh_token) == ("", "", "", "")
    assert grant.external_id != known
    assert grant.erased_at


@pytest.mark.row("IN-15")
def test_the_default_falls_back_when_access_was_taken_back(olga):
    connection = factories.connection(olga)
    defaults.make_default(olga, "zoom", connection)

    grants.end(connection.grant, EndReason.REVOKED)

    assert defaults.default_of(olga).place == "builtin"


def test_any_other_end_keeps_the_person_for_ten_days(olga):
    connection = factories.connection(olga)
    grants.end(connection.grant, EndReason.ENDED)

    Grant.objects.update(ended_at=now() - timedelta(days=9))
    erasures.erase_ended()
    assert Grant.objects.get().email

    Grant.objects.update(ended_at=now() - timedelta(days=10))
    tasks.remind()
    assert not Grant.objects.get().email
    assert Grant.objects.get().erased_at


def test_with_the_account_go_the_members_users_in_it(olga):
    connection = shared(olga)
    seat = seats.seat_of(connection, olga)
    seat.state, seat.external_id, seat.email = SeatState.FOUND, "zoom-olga", "olga@acme.example"
    seat.save()

    grants.end(connection.grant, EndReason.REVOKED)

    seat.refresh_from_db()
    assert (seat.state, seat.external_id, seat.email) == (SeatState.UNKNOWN, "", "")


def test_an_account_that_was_erased_is_named_by_its_day(olga):
    connection = factories.connection(olga)
    grants.end(connection.grant, EndReason.REVOKED)

    assert Connection.objects.get().account.startswith("connected on ")

"""Somebody leaves an organization: his own accounts are disconnected there, nobody else's."""

import pytest

from accounts import memberships
from accounts.models import Act, AuditEntry, Membership, Role
from integrations import seats
from integrations.exceptions import RequestRejected
from integrations.models import Connection, Grant, Seat, SetupLink
from integrations.signals import connection_going
from integrations.simulators.zoom.simulator import ZoomSimulator
from tests import factories
from tests.integrations.conftest import PEDRO, ConnectZoom


def consequences(member: Membership) -> dict[str, str]:
    return {loss.label: loss.consequence.split(";")[0] for loss in memberships.losses(member)}


@pytest.fixture
def shared(olga: Membership) -> Connection:
    """Connected once for all of Harbour."""
    return Connection.objects.create(organization=olga.organization, grant=factories.grant())


@pytest.mark.row("G-56")
def test_his_accounts_are_disconnected_and_the_access_is_given_back(
    mina, olga, adam, connect_zoom: ConnectZoom, zoom: ZoomSimulator, after_commit
):
    connect_zoom(mina)
    hers = connect_zoom(olga, PEDRO)

    with after_commit():
        memberships.remove(mina, by=adam)

    assert list(Connection.objects.all()) == [hers]
    assert Grant.objects.count() == 1
    assert len([call for call in zoom.calls if call.path == "/oauth/revoke"]) == 1
    entry = AuditEntry.objects.get(act=Act.CONNECTION_DISCONNECTED)
    assert (entry.organization, entry.by) == (mina.organization, adam.user)


@pytest.mark.row("G-68")
def test_the_same_account_in_another_organization_stays_connected(mina, adam, after_commit):
    here = factories.connection(mina)
    other = factories.membership(mina.user, factories.organization())
    there = factories.connection(other, grant=here.grant)

    with after_commit():
        memberships.remove(mina, by=adam)

    assert Connection.objects.get() == there
    assert there.grant.is_alive


def test_the_floors_above_hear_of_it_while_the_row_is_there(mina, adam):
    told = []

    def listen(sender: object, connection: Connection, **kwargs: object) -> None:
        told.append((connection.pk, connection.membership))

    account = factories.connection(mina)
    known = (account.pk, mina)
    connection_going.connect(listen)
    memberships.remove(mina, by=adam)
    connection_going.disconnect(listen)

    assert told == [known]


def test_the_organizations_account_stays_and_knows_him_no_more(mina, adam, shared):
    seats.seat_of(shared, mina)
    kept = seats.seat_of(shared, adam)

    memberships.remove(mina, by=adam)

    assert list(Seat.objects.all()) == [kept]
    with pytest.raises(RequestRejected, match="does not belong"):
        seats.account_of(None, shared, mina.user)


def test_set_up_links_of_his_are_revoked(olga, adam):
    owner = factories.membership(organization_=olga.organization, role=Role.OWNER)
    factories.setup_link(adam)

    memberships.remove(adam, by=owner)

    assert not SetupLink.objects.exists()
    assert AuditEntry.objects.filter(act=Act.SETUP_LINK_REVOKED, by=owner.user).exists()


@pytest.mark.row("G-56")
def test_the_losses_name_accounts_seats_and_links(adam, olga, shared):
    account = factories.connection(adam)
    factories.connection(olga)
    seats.seat_of(shared, adam)
    seats.seat_of(shared, olga)
    link = factories.setup_link(adam)

    assert consequences(adam) == {
        f"Zoom, {account.grant.email}": "Accounts that are disconnected here",
        "Zoom, adam@example.org": "Places to host in the organization’s account",
        f"Zoom, open until {link.expires_at:%Y-%m-%d}": "Set-up links that are revoked",
    }

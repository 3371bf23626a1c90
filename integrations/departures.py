"""Somebody leaves an organization: his own accounts are disconnected there, and the organization's know him no more."""

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.types import Loss
from integrations import connections, queries, registry, setup_links
from integrations.models import Seat, SetupLink


def losses(membership: Membership) -> list[Loss]:
    accounts = [
        Loss(
            f"{registry.provider(found.grant.provider).label}, {found.account}",
            _("Accounts that are disconnected here; meetings that exist in them stay"),
        )
        for found in queries.connections_of(membership)
    ]
    return accounts + _seats(membership) + [_link(link) for link in _links(membership)]


def depart(membership: Membership, *, by: User) -> None:
    """In the transaction in which he goes; his seats go with him.

    Coming meetings in the organization's account stay its, so that later changes to them are carried over.
    """
    for connection in queries.connections_of(membership):
        connections.disconnect(connection, by=by)
    for link in _links(membership):
        setup_links.revoke(link, by=by)


def _seats(membership: Membership) -> list[Loss]:
    his = Seat.objects.filter(membership=membership, removed_at=None).select_related("connection__grant")
    return [
        Loss(
            f"{registry.provider(seat.connection.grant.provider).label}, {seat.email or membership.user.email}",
            _("Places to host in the organization’s account; coming meetings there stay"),
        )
        for seat in his
        if seat.can_host
    ]


def _links(membership: Membership) -> list[SetupLink]:
    made = SetupLink.objects.filter(issued_by=membership).select_related("organization")
    return [link for link in made if link.is_open]


def _link(link: SetupLink) -> Loss:
    until = link.expires_at.strftime("%Y-%m-%d")
    label = _("%(provider)s, open until %(until)s") % {
        "provider": registry.provider(link.provider).label,
        "until": until,
    }
    return Loss(label, _("Set-up links that are revoked"))

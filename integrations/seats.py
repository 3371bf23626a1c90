"""Seats: which user of an organization's account each member is. The provider is asked once, then we remember."""

from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from integrations.exceptions import RequestRejected
from integrations.models import Connection, Seat, SeatState
from integrations.providers.base import ME
from integrations.sessions import Authorized
from integrations.types import Colleague


def account_of(http: Authorized, connection: Connection, host: User | None) -> str:
    """As whom `host` holds meetings with this connection: himself if it is his own, never the admin who connected it.

    Raises RequestRejected if the account does not know him, or he does without the connection.
    """
    if connection.membership_id is not None:
        return ME
    membership = Membership.objects.get(organization=connection.organization_id, user=host)
    seat = seat_of(connection, membership)
    if seat.state == SeatState.UNKNOWN:
        look_up(http, seat)
    if not seat.can_host or not seat.external_id:
        raise RequestRejected(problem(seat))
    return seat.external_id


def seat_of(connection: Connection, membership: Membership) -> Seat:
    seat, _new = Seat.objects.select_related("membership__user", "connection__grant").get_or_create(
        connection=connection, membership=membership
    )
    return seat


def look_up(http: Authorized, seat: Seat) -> None:
    """Ask the provider who this member is there: by what the admin named, else by his own e-mail."""
    found = http.provider.find_colleague(http, seat.wanted or seat.membership.user.email)
    _write(seat, found or Colleague("", "", None, state=SeatState.NOT_FOUND))


def problem(seat: Seat) -> str:
    """Why this member cannot host with the organization's account, in a sentence; empty if he can."""
    if seat.removed_at:
        return _("%(person)s does without the organization’s connection.") % {"person": seat.membership.user}
    names = {"person": seat.wanted or seat.membership.user.email}
    return {
        SeatState.NOT_FOUND: _(
            "The organization’s account does not know %(person)s; an admin can name another address."
        ),
        SeatState.PENDING: _("%(person)s was invited to the organization’s account and has not accepted yet."),
        SeatState.INACTIVE: _("%(person)s is deactivated in the organization’s account."),
    }.get(SeatState(seat.state), "") % names


def _write(seat: Seat, found: Colleague) -> None:
    seat.state = SeatState(found.state)
    seat.external_id, seat.email, seat.licensed = found.external_id, found.email, found.licensed
    seat.looked_at, seat.problem = now(), ""
    seat.save(update_fields=["state", "external_id", "email", "licensed", "looked_at", "problem"])

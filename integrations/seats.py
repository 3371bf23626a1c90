"""Seats: which user of an organization's account each member is. The provider is asked once, then we remember."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from requests import Session

from accounts.models import Membership, User
from integrations import queries, registry, sessions
from integrations.exceptions import AuthorizationLost, ProviderError, RateLimited, RequestRejected
from integrations.models import Connection, Seat, SeatState
from integrations.providers.base import ME
from integrations.signals import seat_changed
from integrations.types import Colleague
from outbox import intents, outbox


def account_of(http: Session, connection: Connection, host: User | None) -> str:
    """As whom `host` holds meetings with this connection: himself if it is his own, never the admin who connected it.

    Raises RequestRejected if the account does not know him, or he does without the connection.
    """
    if connection.membership_id is not None:
        return ME
    membership = Membership.objects.filter(organization=connection.organization_id, user=host).first()
    if membership is None:
        raise RequestRejected(_("The host does not belong to the organization any more."))
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


def look_up(http: Session, seat: Seat) -> None:
    """Ask the provider who this member is there: by what the admin named, else by his own e-mail."""
    provider = registry.oauth(seat.connection.grant.provider)
    found = provider.find_colleague(http, seat.wanted or seat.membership.user.email)
    _write(seat, found or Colleague("", "", None, state=SeatState.NOT_FOUND))


def give(connection: Connection) -> None:
    """A seat for each member, to be looked up (again) in the background. In the caller's transaction."""
    for membership in connection.organization.memberships.all():
        want(seat_of(connection, membership))


def give_to(membership: Membership) -> None:
    """The same for one member, at each account of his organization."""
    for connection in queries.shared_connections(membership.organization_id):
        want(seat_of(connection, membership))


def forget(connection: Connection) -> None:
    """The account is another one now, so nobody is known there; what an admin named and who does without stay."""
    unknown = {"state": SeatState.UNKNOWN, "external_id": "", "email": "", "licensed": None, "looked_at": None}
    connection.seats.update(**unknown, problem="")


def want(seat: Seat) -> None:
    outbox.want("seat", seat.pk)


@intents.settles("seat")
def settle(seat_id: int) -> None:
    """Ask the provider who this member is there; a connection that ended is asked once it is back."""
    seat = Seat.objects.select_related("membership__user", "connection__grant").filter(pk=seat_id).first()
    if seat is None or not seat.connection.is_usable:
        return
    try:
        with sessions.of(seat.connection) as http:
            look_up(http, seat)
    except ProviderError as error:
        Seat.objects.filter(pk=seat.pk, wanted=seat.wanted).update(problem=error.sentence)
        if isinstance(error, AuthorizationLost | RequestRejected):
            raise intents.Stop(error.sentence) from error
        raise intents.Later(
            error.sentence, after=error.retry_after if isinstance(error, RateLimited) else None
        ) from error


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
    """Unless somebody else was named meanwhile, or another account answers for the organization now."""
    could = seat.can_host
    seat.state = SeatState(found.state)
    seat.external_id, seat.email, seat.licensed = found.external_id, found.email, found.licensed
    seat.looked_at, seat.problem = now(), ""
    said = {name: getattr(seat, name) for name in ("state", "external_id", "email", "licensed", "looked_at", "problem")}
    asked = Seat.objects.filter(pk=seat.pk, wanted=seat.wanted, connection__grant=seat.connection.grant_id)
    with transaction.atomic():
        if asked.update(**said) and could != seat.can_host:
            tell(seat)


def tell(seat: Seat) -> None:
    transaction.on_commit(lambda: seat_changed.send_robust(sender=Seat, seat=seat))

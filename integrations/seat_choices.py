"""What people decide about seats: an admin names who a member is, a member does without the organization's account."""

from django.db import transaction
from django.utils.timezone import now

from accounts import audit
from accounts.models import Act, User
from integrations import defaults, seats
from integrations.models import Connection, Seat, SeatState
from integrations.signals import seat_going


class NotAllowed(Exception):
    """The organization's admins have not allowed members to do without its connection."""


def look_again(seat: Seat) -> None:
    """As somebody asks for it: what is known stays until the provider has answered, what failed is forgotten."""
    Seat.objects.filter(pk=seat.pk).update(problem="")
    seats.want(seat)


def look_for_all(connection: Connection) -> None:
    connection.seats.update(problem="")
    seats.give(connection)


@transaction.atomic
def correct(seat: Seat, *, wanted: str, by: User) -> None:
    """An admin names the account's user, by e-mail or id; empty: the member's own e-mail again."""
    could = seat.can_host
    seat.wanted, seat.state, seat.external_id, seat.email = wanted, SeatState.UNKNOWN, "", ""
    seat.licensed, seat.looked_at, seat.problem = None, None, ""
    seat.save(update_fields=["wanted", "state", "external_id", "email", "licensed", "looked_at", "problem"])
    audit.note(
        seat.connection.organization, Act.SEAT_CORRECTED, by=by, subject=seat.membership.user.email, wanted=wanted
    )
    seats.want(seat)
    if not could:
        seats.tell(seat)


@transaction.atomic
def remove(seat: Seat, *, by: User) -> None:
    """This member does without the organization's connection; nobody else does. Raises NotAllowed."""
    if not seat.connection.members_may_remove:
        raise NotAllowed
    if seat.removed_at is not None:
        return
    seat_going.send(sender=Seat, seat=seat)
    defaults.forget(seat.membership, seat.connection)
    seat.removed_at = now()
    seat.save(update_fields=["removed_at"])
    audit.note(seat.connection.organization, Act.SEAT_REMOVED, by=by, subject=seat.membership.user.email)


@transaction.atomic
def take_back(seat: Seat, *, by: User) -> None:
    """He uses it again."""
    if seat.removed_at is None:
        return
    seat.removed_at = None
    seat.save(update_fields=["removed_at"])
    audit.note(seat.connection.organization, Act.SEAT_RESTORED, by=by, subject=seat.membership.user.email)
    seats.want(seat)
    seats.tell(seat)

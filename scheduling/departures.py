"""Somebody leaves an organization: what he offered there ends, what was agreed stands unless it is called off too."""

from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.types import Loss
from scheduling import agenda, bookings, queries, reader, schedulers
from scheduling.agenda import Show


def losses(membership: Membership) -> list[Loss]:
    """Whose and when, but not with whom: an admin may read it."""
    offered = [
        Loss(str(scheduler), _("Schedulers that are switched off: nobody can book them any more"))
        for scheduler in queries.schedulers(membership).filter(is_on=True)
    ]
    his = agenda.select(queries.bookings(membership), Show.UPCOMING, reader=membership.user)
    clock = reader.of(membership.user)
    return offered + [
        Loss(
            f"{booking.scheduler}, {clock.moment(booking.start)}",
            _("Coming bookings: they stand and their links keep working, unless you cancel them below"),
        )
        for booking in his
    ]


def depart(membership: Membership, *, by: User, cancel_bookings: bool) -> None:
    """In the transaction in which he goes."""
    for scheduler in queries.schedulers(membership).filter(is_on=True):
        schedulers.switch(scheduler, on=False)
    if not cancel_bookings:
        return
    for booking in queries.bookings(membership).filter(agenda.CONFIRMED, end__gt=now()).order_by("pk"):
        bookings.cancel(booking, by=by)

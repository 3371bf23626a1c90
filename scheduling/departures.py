"""Somebody leaves an organization: what he offered there ends, what was agreed stands unless it is called off too."""

from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.types import Loss
from scheduling import agenda, application_events, bookings, feeds, private_events, queries, reader, schedulers
from scheduling.agenda import Show
from scheduling.models import ApplicationEvent
from scheduling.reader import Reader


def losses(membership: Membership) -> list[Loss]:
    """Whose and when, but not with whom: an admin may read it."""
    offered = [
        Loss(str(scheduler), _("Schedulers that are switched off: nobody can book them any more"))
        for scheduler in queries.schedulers(membership).filter(is_on=True)
    ]
    his = agenda.select(queries.bookings(membership), Show.UPCOMING, reader=membership.user)
    clock = reader.of(membership.user)
    fed = [Loss(_("The address"), _("Calendars that subscribe to his bookings: it shows nothing any more"))]
    agreed = [
        Loss(
            f"{booking.scheduler}, {clock.moment(booking.start)}",
            _("Coming bookings: they stand and their links keep working, unless you cancel them below"),
        )
        for booking in his
    ]
    made = [_made(event, clock) for event in _events(membership)]
    return offered + (fed if feeds.of(membership) else []) + agreed + made


def depart(membership: Membership, *, by: User, cancel_bookings: bool) -> None:
    """In the transaction in which he goes."""
    for scheduler in queries.schedulers(membership).filter(is_on=True):
        schedulers.switch(scheduler, on=False)
    if not cancel_bookings:
        return
    for booking in queries.bookings(membership).filter(agenda.CONFIRMED, end__gt=now()).order_by("pk"):
        bookings.cancel(booking, by=by)
    for event in _events(membership):
        application_events.delete(event)


def _events(membership: Membership) -> QuerySet[ApplicationEvent]:
    return queries.application_events(membership).filter(end__gt=now())


def _made(event: ApplicationEvent, clock: Reader) -> Loss:
    sentence = _(
        "Events that applications made: they stand unless you cancel the bookings; nobody can change them then"
    )
    return Loss(f"{private_events.maker(event)}, {clock.moment(event.start)}", sentence)

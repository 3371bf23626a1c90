"""News from below."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from accounts.signals import attention_asked, member_joined
from accounts.types import Notice
from integrations.models import Connection
from integrations.signals import connection_ended, connection_going, connection_in_use, connection_restored
from integrations.types import Use
from outbox import outbox
from scheduling import agenda, leftovers, meetings, queries, reader, schedulers, schedules
from scheduling.agenda import Show
from scheduling.models import Booking

TROUBLE, DISRUPTED = 20, 30
"""After the accounts that broke, which are the cause."""


@receiver(member_joined)
def give_hours(sender: object, membership: Membership, **kwargs: Any) -> None:
    schedules.default_for(membership)


@receiver(connection_going)
def let_go(sender: object, connection: Connection, **kwargs: Any) -> None:
    """While the row still says who used it."""
    _end(connection)


@receiver(connection_ended)
def mark(sender: object, connection: Connection, **kwargs: Any) -> None:
    """Its row is gone after a disconnect (let_go has seen to it), and stays when the provider ended it."""
    if connection.pk is not None:
        _end(connection)


@receiver(connection_restored)
def go_on(sender: object, connection: Connection, **kwargs: Any) -> None:
    _begin(connection)
    outbox.want("comparison", connection.pk, after=leftovers.CLEAR)


@receiver(post_save, sender=Connection)
def begin(sender: object, instance: Connection, created: bool, **kwargs: Any) -> None:
    """An account that was let go and is connected again is a new one to us; links that nobody made yet wait for it."""
    if created:
        _begin(instance)


@receiver(attention_asked)
def name_trouble(sender: object, membership: Membership, **kwargs: Any) -> list[Notice]:
    return _unhappy_bookings(membership) + _disrupted_schedulers(membership)


@receiver(connection_in_use)
def name_uses(sender: object, connection: Connection, **kwargs: Any) -> list[Use]:
    return _schedulers(connection) + _bookings(connection)


@transaction.atomic
def _begin(connection: Connection) -> None:
    meetings.wake(connection)
    schedulers.recover(queries.disrupted_schedulers(connection))


@transaction.atomic
def _end(connection: Connection) -> None:
    language = connection.membership.user.language if connection.membership else None
    with translation.override(language):
        schedulers.mark_disrupted(queries.schedulers_using(connection))
        meetings.cut(connection)


def _unhappy_bookings(membership: Membership) -> list[Notice]:
    number = agenda.select(queries.bookings(membership), Show.ATTENTION, reader=membership.user).count()
    if not number:
        return []
    text = ngettext(
        "%(number)s coming booking needs you: its place is missing or out of date.",
        "%(number)s coming bookings need you: their places are missing or out of date.",
        number,
    )
    url = f"{reverse('bookings', args=[membership.organization.slug])}?show={Show.ATTENTION.value}"
    return [Notice(TROUBLE, text % {"number": number}, _("See what is wrong"), url)]


def _disrupted_schedulers(membership: Membership) -> list[Notice]:
    return [
        Notice(
            DISRUPTED,
            _("The place of “%(name)s” has gone. Please choose another.") % {"name": scheduler},
            _("Choose a place"),
            reverse("scheduler_edit", args=[membership.organization.slug, scheduler.slug]),
        )
        for scheduler in queries.schedulers(membership).filter(disrupted_at__isnull=False, is_on=True)
    ]


def _schedulers(connection: Connection) -> list[Use]:
    return [
        Use(str(scheduler), reverse("scheduler_edit", args=[scheduler.organization.slug, scheduler.slug]), "scheduler")
        for scheduler in queries.schedulers_using(connection)
    ]


def _bookings(connection: Connection) -> list[Use]:
    return [
        Use(_label(booking), reverse("booking", args=[booking.organization.slug, booking.uid]), "booking")
        for booking in queries.bookings_using(connection)
    ]


def _label(booking: Booking) -> str:
    return f"{booking.scheduler}, {booking.invitee_name}, {reader.of(booking.host).moment(booking.start)}"

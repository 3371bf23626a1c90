"""News from below."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, User
from accounts.signals import attention_asked, member_in_use, member_joined, member_leaving
from accounts.types import Loss, Notice
from integrations.models import Calendar, Connection, Seat
from integrations.signals import (
    connection_described,
    connection_ended,
    connection_going,
    connection_in_use,
    connection_made,
    connection_restored,
    events_changed,
    meeting_reported,
    own_bookings_asked,
    seat_changed,
    seat_going,
)
from integrations.types import Fact, Use
from outbox import outbox
from scheduling import (
    agenda,
    booked_events,
    comparisons,
    departures,
    event_changes,
    event_meetings,
    event_news,
    leftovers,
    meetings,
    news,
    outside_meetings,
    own_events,
    places,
    planner,
    private_events,
    progress,
    queries,
    reader,
    schedulers,
    schedules,
)
from scheduling.agenda import Show
from scheduling.models import ApplicationEvent, Booking, EventType, Scheduler

TROUBLE, DISRUPTED = 20, 30
"""After the accounts that broke, which are the cause."""


@receiver(member_joined)
def give_hours(sender: object, membership: Membership, **kwargs: Any) -> None:
    schedules.default_for(membership)


@receiver(member_leaving)
def see_off(sender: object, membership: Membership, by: User, cancel_bookings: bool, **kwargs: Any) -> None:
    departures.depart(membership, by=by, cancel_bookings=cancel_bookings)


@receiver(member_in_use)
def name_losses(sender: object, membership: Membership, **kwargs: Any) -> list[Loss]:
    return departures.losses(membership)


@receiver(connection_going)
def let_go(sender: object, connection: Connection, **kwargs: Any) -> None:
    """While the row still says who used it."""
    outside_meetings.forget(connection)
    _end(connection)


@receiver(connection_ended)
def mark(sender: object, connection: Connection, **kwargs: Any) -> None:
    """Its row is gone after a disconnect (let_go has seen to it), and stays when the provider ended it."""
    if connection.pk is not None:
        comparisons.forget(connection)
        outside_meetings.forget(connection)
        _end(connection)
    if connection.membership is not None:
        _hand_over(connection, connection.membership.user)


@receiver(seat_going)
def let_go_of_seat(sender: object, seat: Seat, **kwargs: Any) -> None:
    """While it is still his."""
    _end(seat.connection, seat.membership.user)


@receiver(seat_changed)
def mark_seat(sender: object, seat: Seat, **kwargs: Any) -> None:
    host = seat.membership.user
    if seat.can_host:
        _begin(seat.connection, host)
    else:
        schedulers.mark_disrupted(queries.lost_schedulers(seat.connection, host))


@receiver(connection_restored)
def go_on(sender: object, connection: Connection, **kwargs: Any) -> None:
    _begin(connection)
    outbox.want("comparison", connection.pk, after=leftovers.CLEAR)


@receiver(post_save, sender=Connection)
def begin(sender: object, instance: Connection, created: bool, **kwargs: Any) -> None:
    """An account that was let go and is connected again is a new one to us; links that nobody made yet wait for it."""
    if created:
        _begin(instance)


@receiver(meeting_reported)
def hear(
    sender: object, provider: str, account_id: str, external_id: str, kind: str, at: datetime, **kwargs: Any
) -> None:
    """A change is looked at, not believed: it may be our own, and the newest news may come first."""
    about = queries.meetings_reported(provider, account_id, external_id)
    if kind == "started":
        progress.began(about, at)
    elif kind == "ended":
        progress.ended(about, at)
    elif kind == "changed":
        for booking_id in about.values_list("booking", flat=True):
            outbox.want("look", booking_id)
        event_news.hear(provider, external_id)
        outside_meetings.hear(provider, external_id)


@receiver(own_bookings_asked)
def know_own(sender: object, host: int, markers: set[str], **kwargs: Any) -> set[str]:
    return own_events.among(markers, host=host)


@receiver(attention_asked)
def name_trouble(sender: object, membership: Membership, **kwargs: Any) -> list[Notice]:
    return _unhappy_bookings(membership) + _disrupted_schedulers(membership)


@receiver(connection_in_use)
def name_uses(sender: object, connection: Connection, host: User | None = None, **kwargs: Any) -> list[Use]:
    if connection.is_shared and host is None:
        return _colleagues_uses(connection)
    schedulers = [_use_of(scheduler) for scheduler in queries.schedulers_using(connection, host)]
    bookings = [_booking_use(booking) for booking in queries.bookings_using(connection, host)]
    return schedulers + bookings + [_event_use(event) for event in event_news.using(connection, host)]


@receiver(connection_described)
def tell_comparison(sender: object, connection: Connection, asked_by: User, **kwargs: Any) -> list[Fact]:
    return comparisons.facts(connection, asked_by) + outside_meetings.facts(connection)


@receiver(connection_made)
@receiver(connection_restored)
def look_beside_bookings(sender: object, connection: Connection, **kwargs: Any) -> None:
    outside_meetings.want(connection)


@receiver(connection_made)
def tell_of_new(sender: object, connection: Connection, **kwargs: Any) -> None:
    news.tell_of_service(EventType.CONNECTION_CONNECTED, connection)


@receiver(post_save, sender=Connection)
def tell_of_new_to_all(sender: object, instance: Connection, created: bool, **kwargs: Any) -> None:
    """The organization's; whoever connects for himself is told by connection_made."""
    if created and instance.membership_id is None:
        transaction.on_commit(lambda: news.tell_of_service(EventType.CONNECTION_CONNECTED, instance))


@receiver(connection_restored)
def tell_of_restored(sender: object, connection: Connection, **kwargs: Any) -> None:
    news.tell_of_service(EventType.CONNECTION_RESTORED, connection)


@receiver(connection_ended)
def tell_of_end(sender: object, connection: Connection, **kwargs: Any) -> None:
    news.tell_of_service(EventType.CONNECTION_ENDED, connection)


@receiver(events_changed)
def look_at_events(
    sender: object, calendar: Calendar, changed: Iterable[str], removed: Iterable[str], **kwargs: Any
) -> None:
    event_changes.hear(calendar, [*changed, *removed])
    event_meetings.hear(calendar, changed, removed)


@transaction.atomic
def _begin(connection: Connection, host: User | None = None) -> None:
    booked_events.wake(connection)
    event_meetings.wake(connection)
    meetings.wake(connection, host=host)
    event_news.wake(connection, host=host)
    schedulers.recover(queries.disrupted_schedulers(connection))


@transaction.atomic
def _end(connection: Connection, host: User | None = None) -> None:
    schedulers.mark_disrupted(queries.schedulers_using(connection, host))
    meetings.cut(connection, host=host)
    event_news.cut(connection, host=host)
    booked_events.cut(connection)


def _hand_over(connection: Connection, host: User) -> None:
    """Another account may take over from his: what has no link yet goes on with it."""
    place = connection.grant.provider
    instead = places.at(place, host=host, organization_id=connection.organization_id).connection
    if instead is not None and instead.is_shared and instead.is_usable:
        _begin(instead, host)


def _unhappy_bookings(membership: Membership) -> list[Notice]:
    number = agenda.select(queries.bookings(membership), Show.ATTENTION, reader=membership.user).count()
    if not number:
        return []
    text = ngettext(
        "%(number)s coming booking needs you: its place is missing, or not what was agreed.",
        "%(number)s coming bookings need you: their places are missing, or not what was agreed.",
        number,
    )
    url = f"{reverse('bookings', args=[membership.organization.slug])}?show={Show.ATTENTION.value}"
    return [Notice(TROUBLE, text % {"number": number}, _("See what is wrong"), url)]


def _disrupted_schedulers(membership: Membership) -> list[Notice]:
    disrupted = queries.schedulers(membership).filter(disrupted_at__isnull=False, is_on=True)
    return [
        Notice(
            DISRUPTED,
            _("The place of “%(name)s” has gone. Please choose another.") % {"name": name},
            _("Choose a place"),
            reverse("scheduler_edit", args=[membership.organization.slug, slug]),
        )
        for name, slug in disrupted.values_list("name", "slug")
    ]


def _use_of(scheduler: Scheduler) -> Use:
    url = reverse("scheduler_edit", args=[scheduler.organization.slug, scheduler.slug])
    return Use(str(scheduler), url, "scheduler")


def _booking_use(booking: Booking) -> Use:
    when = reader.of(booking.host).moment(booking.start)
    url = reverse("booking", args=[booking.organization.slug, booking.uid])
    return Use(f"{booking.scheduler}, {booking.invitee_name}, {when}", url, "booking")


def _event_use(event: ApplicationEvent) -> Use:
    when = reader.of(event.host).moment(event.start)
    return Use(f"{event.title}, {when}", planner.url(event), "event")


def _colleagues_uses(connection: Connection) -> list[Use]:
    """For an admin, who may not open them: whose, but not with whom."""
    schedulers = [
        Use(f"{scheduler}, {scheduler.host}", "", "scheduler") for scheduler in queries.schedulers_using(connection)
    ]
    bookings = [
        Use(f"{booking.scheduler}, {booking.host}, {reader.of(booking.host).moment(booking.start)}", "", "booking")
        for booking in queries.bookings_using(connection)
    ]
    events = [
        Use(f"{private_events.maker(event)}, {event.host}, {reader.of(event.host).moment(event.start)}", "", "event")
        for event in event_news.using(connection)
    ]
    return schedulers + bookings + events

"""What follows for calendars when an account comes, comes back, ends or goes, or somebody joins."""

from django.db import transaction
from django.dispatch import receiver
from django.utils.timezone import now

from accounts.models import Membership
from accounts.signals import member_joined
from integrations import calendar_lists, calendar_sync, policies, states, watches
from integrations.models import Calendar, Connection
from integrations.signals import busy_changed, connection_ended, connection_going, connection_made, connection_restored
from outbox import outbox


@receiver(connection_made)
def begin(sender: object, connection: Connection, **kwargs: object) -> None:
    calendar_lists.want(connection)


@receiver(connection_restored)
@transaction.atomic
def go_on(sender: object, connection: Connection, **kwargs: object) -> None:
    """Its list may be another now; what it knew of is read at once."""
    calendar_lists.want(connection)
    _tell_busy(connection)
    for calendar in connection.calendars.filter(pk__in=calendar_sync.wanted()):
        calendar_sync.look_now(calendar)
        watches.want(calendar)


@receiver(connection_ended)
@transaction.atomic
def close(sender: object, connection: Connection, **kwargs: object) -> None:
    """What stands there cannot be known any more. Its row is gone after a disconnect."""
    if connection.pk is None:
        return
    unread = connection.calendars.all()
    unread.filter(failing_since=None).update(failing_since=now())
    unread.update(problem=states.of(connection).sentence)
    _tell_busy(connection)


@receiver(connection_going)
def let_go(sender: object, connection: Connection, **kwargs: object) -> None:
    """While its calendars are still there."""
    _tell_busy(connection)
    for calendar in connection.calendars.all():
        watches.let_go(calendar)


@receiver(member_joined)
@transaction.atomic
def open_mailbox(sender: object, membership: Membership, **kwargs: object) -> None:
    """Where his organization opens everybody's."""
    if policies.of(membership.organization).impersonator_id:
        outbox.want(calendar_lists.MAILBOX, membership.pk)


def _tell_busy(connection: Connection) -> None:
    people = Calendar.objects.filter(connection=connection, is_busy=True).values_list("membership__user", flat=True)
    if users := sorted(set(people)):
        busy_changed.send(sender=Calendar, users=users)

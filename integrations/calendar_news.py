"""What follows for calendars when an account comes, comes back, ends or goes."""

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import formats
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.signals import attention_asked
from accounts.types import Notice
from integrations import busy, calendar_lists, calendar_sync, states, watches
from integrations.models import Calendar, Connection
from integrations.signals import busy_changed, connection_ended, connection_going, connection_made, connection_restored

RANK = 12
"""After the accounts that broke: of these their calendars say nothing."""


@receiver(attention_asked)
def name_unread(sender: object, membership: Membership, **kwargs: object) -> list[Notice]:
    """Nobody can book him meanwhile, and he should know why."""
    return [_unread(calendar, membership.user) for calendar in busy.unread(membership)]


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


def _unread(calendar: Calendar, reader: User) -> Notice:
    text = _("Your calendar “%(calendar)s” has not been read yet, so its times are closed.")
    since = calendar.failing_since or calendar.synced_at
    if since is not None:
        text = _("Your calendar “%(calendar)s” cannot be read since %(since)s, so its times are closed.")
    when = since and formats.date_format(since.astimezone(reader.zone), "DATETIME_FORMAT")
    told = {"calendar": calendar.name, "since": when}
    return Notice(RANK, text % told, _("See your calendars"), reverse("calendars"))


def _tell_busy(connection: Connection) -> None:
    people = Calendar.objects.filter(connection=connection, is_busy=True).values_list("membership__user", flat=True)
    if users := sorted(set(people)):
        busy_changed.send(sender=Calendar, users=users)

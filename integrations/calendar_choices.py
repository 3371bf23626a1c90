"""What a member chooses: which calendars count as busy, which one receives bookings, and whether any is read at all."""

from django.db import transaction

from accounts.models import Membership
from integrations import calendar_sync, event_store, watches
from integrations.models import Calendar, CalendarEvent, CalendarSettings
from integrations.signals import busy_changed


@transaction.atomic
def tick(calendar: Calendar, *, busy: bool) -> None:
    """Its events close his times from now on, or do not. Until it was read all of its times are closed."""
    Calendar.objects.filter(pk=calendar.pk).update(is_busy=busy)
    event_store.tell_busy(calendar)
    _follow(calendar)


@transaction.atomic
def receive(membership: Membership, calendar: Calendar | None) -> None:
    """New bookings are written to this one; None: to none. It must be one of his that can be written."""
    his = Calendar.objects.select_for_update(of=("self",)).filter(membership=membership)
    former = list(his.filter(receives=True))
    his.filter(receives=True).update(receives=False)
    if calendar is not None:
        his.filter(pk=calendar.pk, can_write=True).update(receives=True)
    for one in {*former, *([calendar] if calendar else [])}:
        _follow(one)


@transaction.atomic
def switch_sync(membership: Membership, *, on: bool) -> None:
    """The one switch: off, nothing is read, nothing closes times, and what was known is forgotten."""
    CalendarSettings.objects.update_or_create(membership=membership, defaults={"sync": on})
    busy_changed.send(sender=Calendar, users=[membership.user_id])
    for calendar in Calendar.objects.filter(membership=membership).select_related("membership"):
        _follow(calendar)


def _follow(calendar: Calendar) -> None:
    """Read it, and be told of changes; or forget what was read."""
    watches.want(calendar)
    if calendar_sync.wanted().filter(pk=calendar.pk).exists():
        calendar_sync.look_now(calendar)
        return
    CalendarEvent.objects.filter(calendar=calendar).delete()
    unread = {"sync_token": "", "synced_at": None, "window_start": None, "window_end": None, "failing_since": None}
    Calendar.objects.filter(pk=calendar.pk).update(**unread, problem="", syncing_until=None)  # who reads it gives up

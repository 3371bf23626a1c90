"""What a member decides about his calendars: which close times, which receives bookings, whether there is any sync."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from accounts.models import Membership
from integrations import calendar_sync, calendars, event_store, watches
from integrations.models import Calendar, CalendarSettings
from integrations.signals import busy_changed


@transaction.atomic
def choose(membership: Membership, *, busy: Collection[UUID], receiving: UUID | None) -> None:
    """By the uids of his calendars; others' are none. One that cannot be written receives nothing."""
    Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    his = list(Calendar.objects.filter(membership=membership).select_related("connection__grant"))
    others = Calendar.objects.filter(membership=membership, receives=True)
    others.exclude(uid__in=[receiving] if receiving else []).update(receives=False)
    for calendar in his:
        receives = calendar.uid == receiving and may_receive(calendar)
        if (calendar.uid in busy, receives) != (calendar.is_busy, calendar.receives):
            _change(calendar, calendar.uid in busy, receives)


@transaction.atomic
def decide(membership: Membership, **wanted: object) -> None:
    """Of the fields of CalendarSettings."""
    settings, _new = CalendarSettings.objects.get_or_create(membership=membership)
    switched = "sync" in wanted and wanted["sync"] != settings.sync
    CalendarSettings.objects.filter(pk=settings.pk).update(**wanted)
    for calendar in Calendar.objects.filter(membership=membership) if switched else ():
        _follow(calendar)
    if wanted.get("meetings_close", settings.meetings_close) != settings.meetings_close:
        busy_changed.send(sender=CalendarSettings, users=[membership.user_id])


def sync_now(membership: Membership) -> None:
    for calendar in calendar_sync.wanted().filter(membership=membership):
        calendar_sync.look_now(calendar)


def may_receive(calendar: Calendar) -> bool:
    return calendars.may_write(calendar)


def _change(calendar: Calendar, is_busy: bool, receives: bool) -> None:
    calendar.is_busy, calendar.receives = is_busy, receives
    calendar.save(update_fields=["is_busy", "receives"])
    _follow(calendar)


def _follow(calendar: Calendar) -> None:
    """Its times count from now on, or do not; it is read at once and watched, or what was read is forgotten."""
    event_store.tell_busy(calendar)
    calendar_sync.follow(calendar)
    watches.want(calendar)

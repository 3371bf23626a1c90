"""The edition of a host's times, renewed in the transaction of every change: a page of another edition is out of date.

It counts what lies in rows of its own: bookings and events of applications in any organization, hours, dates that
differ, busy calendars. What the query of the page itself brings (scheduler, host, schedule, place) needs none:
views/month_pages.py.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from integrations.signals import busy_changed
from scheduling.models import ApplicationEvent, Booking, DateOverride, Edition, WeeklyHours
from scheduling.models.times import whose

NOTES = frozenset({"sequence", "told_sequence", "told_join_url"})
"""What is noted on a booking without a change of its time."""


def renew(hosts: Iterable[int]) -> None:
    """After the change and in its transaction: who still reads the old edition then keeps nothing under the new one."""
    Edition.objects.renew(hosts)


@receiver(busy_changed)
def renew_for_calendars(sender: object, users: Iterable[int], **kwargs: Any) -> None:
    renew(users)


@receiver(post_save, sender=Booking)
@receiver(post_save, sender=ApplicationEvent)
@receiver(post_save, sender=WeeklyHours)
@receiver(post_save, sender=DateOverride)
def renew_for_saved(sender: object, instance: Any, update_fields: Collection[str] | None, **kwargs: Any) -> None:
    if update_fields is None or not NOTES.issuperset(update_fields):
        renew([whose(instance)])


@receiver(post_delete, sender=Booking)
@receiver(post_delete, sender=ApplicationEvent)
def renew_for_booking_gone(sender: object, instance: Booking | ApplicationEvent, **kwargs: Any) -> None:
    renew([whose(instance)])


@receiver(post_delete, sender=WeeklyHours)
@receiver(post_delete, sender=DateOverride)
def renew_for_hours_gone(sender: object, instance: WeeklyHours | DateOverride, origin: object, **kwargs: Any) -> None:
    """Hours that go with their schedule were on no page: as long as a scheduler uses it, it stays."""
    if origin is instance:
        renew([whose(instance)])

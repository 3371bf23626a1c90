"""Named hours: weekly ones, and dates that differ."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Membership
from scheduling.exceptions import NotChangeable
from scheduling.intervals import Span
from scheduling.models import DateOverride, Schedule, WeeklyHours

WeeklySpan = tuple[int, int, int]
"""Weekday (Monday is 0), start and end in minutes of the day."""

CLOSED: tuple[tuple[None, None]] = ((None, None),)
NINE_TO_FIVE: tuple[WeeklySpan, ...] = tuple((weekday, 9 * 60, 17 * 60) for weekday in range(5))


@transaction.atomic
def create(
    membership: Membership,
    *,
    name: str,
    time_zone: str,
    weekly: Iterable[WeeklySpan],
    overrides: Mapping[date, Sequence[Span]] | None = None,
) -> Schedule:
    """An override without hours closes its date."""
    schedule = Schedule.objects.create(
        organization=membership.organization, owner=membership.user, name=name, time_zone=time_zone
    )
    _set_hours(schedule, weekly, overrides or {})
    return schedule


@transaction.atomic
def change(
    schedule: Schedule,
    *,
    name: str,
    time_zone: str,
    weekly: Iterable[WeeklySpan],
    overrides: Mapping[date, Sequence[Span]],
) -> None:
    """As a whole. Bookings that exist stand."""
    schedule.name, schedule.time_zone = name, time_zone
    schedule.save(update_fields=["name", "time_zone"])
    schedule.weekly_hours.all().delete()
    schedule.overrides.all().delete()
    _set_hours(schedule, weekly, overrides)


@transaction.atomic
def delete(schedule: Schedule) -> None:
    """Raises NotChangeable while schedulers use it, and for the last one."""
    used = list(schedule.schedulers.values_list("name", flat=True)[:3])
    if used:
        raise NotChangeable(
            _("These hours are used by %(schedulers)s. Give those other hours first.") % {"schedulers": ", ".join(used)}
        )
    if not Schedule.objects.filter(organization=schedule.organization_id, owner=schedule.owner_id).exclude(
        pk=schedule.pk
    ):
        raise NotChangeable(_("These are your only hours. Change them, or make others first."))
    schedule.delete()


@transaction.atomic
def default_for(membership: Membership) -> Schedule:
    """The member's first hours; if there are none, working hours from Monday to Friday, 9 to 17 in his zone."""
    mine = Schedule.objects.filter(organization=membership.organization, owner=membership.user).first()
    if mine is not None:
        return mine
    with translation.override(membership.user.language):
        name = _("Working hours")
    return create(membership, name=name, time_zone=membership.user.time_zone, weekly=NINE_TO_FIVE)


def _set_hours(schedule: Schedule, weekly: Iterable[WeeklySpan], overrides: Mapping[date, Sequence[Span]]) -> None:
    WeeklyHours.objects.bulk_create(
        WeeklyHours(schedule=schedule, weekday=weekday, start_minute=start, end_minute=end)
        for weekday, start, end in weekly
    )
    DateOverride.objects.bulk_create(
        DateOverride(schedule=schedule, date=day, start_minute=start, end_minute=end)
        for day, spans in overrides.items()
        for start, end in (spans or CLOSED)
    )

"""Times that work for one person, or for all of several: each one's first hours, without what is busy for any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership
from scheduling import availability, intervals, offers, schedules
from scheduling.availability import Host, Hours, Terms
from scheduling.models import Schedule


@dataclass(frozen=True)
class Found:
    """unknown: those with a calendar that cannot be read for all of the window; what is not known is not free."""

    starts: list[datetime]
    unknown: list[Membership]


def of(
    members: Sequence[Membership], *, start: datetime, end: datetime, now: datetime, duration: int, increment: int
) -> Found:
    """In [start, end), for `duration` minutes, every `increment` on the clock of the first of them (at least one).

    All are of one organization. As many queries for twenty as for one.
    """
    window = intervals.next_minute(start), intervals.next_minute(end)
    terms = Terms(duration, increment, earliest=intervals.next_minute(now), latest=window[1])
    hosts = [member.user_id for member in members]
    reach = window[0], window[1] + duration
    booked, calendars, hours = offers.booked(hosts, reach), offers.in_calendars(hosts, reach), _hours(members)
    known = {host: calendars.get(host, offers.NOTHING) for host in hosts}
    people = [Host(hours[host], [*booked.get(host, []), *known[host].spans]) for host in hosts]
    starts = availability.together(people, terms, window)
    unknown = [member for member in members if known[member.user_id].closed]
    return Found([intervals.instant(minute) for minute in starts], unknown)


def _hours(members: Sequence[Membership]) -> dict[int, Hours]:
    """By id of the person. Who has none yet has those that he would be given."""
    found = Schedule.objects.filter(
        organization=members[0].organization_id, owner__in=[member.user_id for member in members]
    )
    first = {schedule.owner_id: schedule for schedule in found.order_by("-pk")}
    hours = offers.hours_of(list(first.values()))
    usual = {member.user_id: Hours(member.user.time_zone, schedules.NINE_TO_FIVE) for member in members}
    return usual | {owner: hours[schedule.pk] for owner, schedule in first.items()}

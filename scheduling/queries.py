"""Reads that more than one caller needs; each starts at a membership, a connection or a booking."""

from datetime import timedelta

from django.db.models import Case, Q, QuerySet, When
from django.utils.timezone import now

from accounts.models import Membership, User
from integrations.models import Connection
from scheduling import places
from scheduling.models import (
    CLOSES,
    ApplicationEvent,
    Booking,
    EventStatus,
    Meeting,
    MeetingState,
    OutsideMeeting,
    Schedule,
    Scheduler,
)


def schedulers(membership: Membership) -> QuerySet[Scheduler]:
    """A member's own, in this organization."""
    mine = Scheduler.objects.filter(organization=membership.organization_id, host=membership.user_id)
    return mine.select_related("organization", "host", "schedule", "connection__grant")


def schedules(membership: Membership) -> QuerySet[Schedule]:
    mine = Schedule.objects.filter(organization=membership.organization_id, owner=membership.user_id)
    return mine.prefetch_related("weekly_hours", "overrides")


def bookings(membership: Membership) -> QuerySet[Booking]:
    """Those a member hosts, in this organization."""
    mine = Booking.objects.filter(organization=membership.organization_id, host=membership.user_id)
    return mine.select_related(
        "organization", "host", "scheduler", "meeting__connection__grant", "booked_event__calendar__connection__grant"
    )


def application_events(membership: Membership) -> QuerySet[ApplicationEvent]:
    """Those that applications made for a member, in this organization, and that stand."""
    his = ApplicationEvent.objects.filter(organization=membership.organization_id, host=membership.user_id)
    return his.filter(status=EventStatus.CONFIRMED).select_related("application", "organization", "host")


def outside_meetings(membership: Membership) -> QuerySet[OutsideMeeting]:
    """Those a member holds beside his bookings, with accounts connected to this organization.

    Each knows whether it `closes` its time.
    """
    his = OutsideMeeting.objects.filter(host=membership.user_id, connection__organization=membership.organization_id)
    return his.select_related("connection__grant").annotate(closes=Case(When(CLOSES, then=True), default=False))


def meeting(booking_id: int) -> Meeting | None:
    """With all that its provider may have to be told."""
    related = "booking__scheduler", "booking__host", "booking__organization", "connection__grant"
    return Meeting.objects.select_related(*related).filter(booking=booking_id).first()


def meetings_using(connection: Connection) -> QuerySet[Meeting]:
    """The coming ones it holds, or would hold."""
    return _coming().filter(connection=connection.pk).exclude(state=MeetingState.REMOVED)


def meetings_reported(provider: str, account_id: str, external_id: str) -> QuerySet[Meeting]:
    """Those that a provider's news is about: not over for long, because a call may last longer than agreed."""
    recent = Meeting.objects.filter(booking__end__gt=now() - timedelta(days=1)).exclude(external_id="")
    found = recent.filter(place=provider, external_id=external_id)
    return found.filter(connection__grant__account_id=account_id) if account_id else found


def meetings_waiting_for(connection: Connection) -> QuerySet[Meeting]:
    """The coming ones out of step that go on once this account works: its own, and those nobody has made yet."""
    unmade = Q(connection=None, external_id="", place=connection.grant.provider, **_whose(connection, "booking__"))
    waiting = _coming().filter(Q(connection=connection.pk) | unmade)
    return waiting.exclude(state__in=[MeetingState.READY, MeetingState.REMOVED])


def bookings_using(connection: Connection, host: User | None = None) -> QuerySet[Booking]:
    used = Booking.objects.filter(meeting__in=meetings_using(connection), status="confirmed")
    used = used.filter(host=host) if host else used
    return used.select_related("organization", "scheduler", "host")


def schedulers_using(connection: Connection, host: User | None = None) -> list[Scheduler]:
    """Those whose next booking would be held with it: named by them, or their host's default."""
    candidates = [found for found in _schedulers(connection) if host is None or found.host_id == host.pk]
    found = places.resolve_each(candidates)
    return [scheduler for scheduler in candidates if found[scheduler.pk].connection == connection]


def disrupted_schedulers(connection: Connection) -> list[Scheduler]:
    """Those marked because an account went, that this connection could help."""
    return list(_schedulers(connection).filter(disrupted_at__isnull=False))


def lost_schedulers(connection: Connection, host: User) -> list[Scheduler]:
    """A host's whose place cannot be had, now that this connection does not serve him."""
    candidates = list(_schedulers(connection).filter(host=host))
    found = places.resolve_each(candidates)
    return [scheduler for scheduler in candidates if not found[scheduler.pk].is_usable]


def _schedulers(connection: Connection) -> QuerySet[Scheduler]:
    return Scheduler.objects.filter(**_whose(connection)).select_related("organization", "host", "connection__grant")


def _coming() -> QuerySet[Meeting]:
    return Meeting.objects.filter(booking__end__gt=now())


def _whose(connection: Connection, prefix: str = "") -> dict[str, int]:
    """A personal account serves its owner, an organization's account all members."""
    whose = {f"{prefix}organization": connection.organization_id}
    if connection.membership is not None:
        whose[f"{prefix}host"] = connection.membership.user_id
    return whose

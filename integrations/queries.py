"""Reads about connections; each starts at a member or an organization."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import Membership, Organization
from integrations import registry
from integrations.models import (
    Arrival,
    Calendar,
    CalendarEvent,
    CalendarPolicy,
    ConferencingPreference,
    Connection,
    GrantStatus,
    Seat,
    SetupLink,
)


def connections_of(membership: Membership) -> QuerySet[Connection]:
    """His own, oldest first, broken ones too."""
    return Connection.objects.filter(membership=membership).select_related("grant", "organization", "membership")


def looked_after_by(membership: Membership) -> QuerySet[Connection]:
    """His own, and an admin's organization's: those to meet with, and what opens every member's mailbox."""
    his = Q(membership=membership)
    if membership.is_admin:
        opener = CalendarPolicy.objects.filter(organization=membership.organization_id).values("impersonator")
        used = Q(grant__provider__in=_meeting_providers()) | Q(pk__in=opener)
        his |= used & Q(organization=membership.organization_id, membership=None)
    return Connection.objects.filter(his).select_related("grant", "organization", "membership")


def shared_connections(organization: Organization | int) -> QuerySet[Connection]:
    """Those that were connected once for everybody to meet with, broken ones too."""
    found = Connection.objects.filter(organization=organization, membership=None)
    return holding_meetings(found).select_related("grant", "organization")


def holding_meetings(connections: QuerySet[Connection]) -> QuerySet[Connection]:
    """Those that meetings can be held with."""
    return connections.filter(grant__provider__in=_meeting_providers())


def _meeting_providers() -> list[str]:
    return [provider.key for provider in registry.with_meetings()]


def shared_with(organization_id: int, user_id: int) -> QuerySet[Connection]:
    """Those of the organization that this member can host with, as far as we know."""
    barred = Seat.objects.barred().filter(membership__user=user_id, membership__organization=organization_id)
    return shared_connections(organization_id).exclude(pk__in=barred.values("connection"))


def preferred_place(organization: str, user: str) -> Subquery:
    """For rows of these two fields: the place that the member has chosen as his default there; none if he has not."""
    his = ConferencingPreference.objects.filter(
        membership__organization=OuterRef(organization), membership__user=OuterRef(user)
    )
    return Subquery(his.values("place")[:1])


def shared_place(organization: str, user: str) -> Subquery:
    """For rows of these two fields: the provider of the first that is shared_with the member and stands; or none."""
    barred = Seat.objects.barred().filter(membership__user=OuterRef(OuterRef(user)))
    gone = Q(ended_status=GrantStatus.REVOKED) | Q(ended_status="", grant__status=GrantStatus.REVOKED)
    shared = holding_meetings(Connection.objects.filter(organization=OuterRef(organization), membership=None))
    return Subquery(shared.exclude(gone).exclude(pk__in=barred.values("connection")).values("grant__provider")[:1])


def events_of(membership: Membership, start: datetime, end: datetime) -> QuerySet[CalendarEvent]:
    """What stands in his calendars between two moments: in those that are ticked, or receive his bookings."""
    his = CalendarEvent.objects.filter(calendar__membership=membership, start__lt=end, end__gt=start)
    shown = his.filter(Q(calendar__is_busy=True) | Q(calendar__receives=True))
    return shown.select_related("calendar__connection__grant", "calendar__connection__organization")


def calendars_of(membership: Membership) -> QuerySet[Calendar]:
    """Those that he wants to be read."""
    his = Calendar.objects.filter(membership=membership).filter(Q(is_busy=True) | Q(receives=True))
    return his.select_related("connection__grant")


def connection_for(membership: Membership, provider_key: str, *, named: Connection | None = None) -> Connection | None:
    """Which account hosts at this provider: the one named, else his default, else the first of his own that works,
    else the organization's.

    A broken one is better than none: the booking waits for it, and nothing is swapped silently.
    """
    his = list(connections_of(membership).filter(grant__provider=provider_key))
    shared = list(shared_with(membership.organization_id, membership.user_id).filter(grant__provider=provider_key))
    if named is not None:
        return next((connection for connection in [*his, *shared] if connection == named), None)
    default = ConferencingPreference.objects.filter(membership=membership).values_list("connection", flat=True).first()
    his.sort(key=lambda connection: (connection.pk != default, not connection.is_usable))
    return first_that_works([*his[:1], *shared])


def first_that_works(accounts: Sequence[Connection]) -> Connection | None:
    """The first of them if none does, so that its trouble can be named."""
    return next((account for account in accounts if account.is_usable), accounts[0] if accounts else None)


def links(organization: Organization, provider_key: str) -> QuerySet[SetupLink]:
    found = SetupLink.objects.filter(organization=organization, provider=provider_key)
    return found.select_related("issued_by__user")


def arrivals(organization: Organization, provider_key: str) -> QuerySet[Arrival]:
    """Accounts that wait for an admin's word, oldest first."""
    found = Arrival.objects.filter(organization=organization, grant__provider=provider_key)
    return found.select_related("grant", "link__issued_by__user")

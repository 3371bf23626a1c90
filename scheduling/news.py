"""Asks: tell applications of a booking and of its host's conferencing services, in the shapes of the API."""

from functools import partial

from django.db import transaction

from accounts.models import Consent
from integrations import registry
from integrations.models import Connection
from scheduling import announcements
from scheduling.models import Booking, EventType
from scheduling.shapes import bookings, services
from scheduling.shapes.services import Service


def tell(kind: EventType, booking: Booking) -> None:
    """In the transaction in which it happens; the shape is read anew."""
    announcements.announce(
        kind,
        lambda: bookings.shape_of(bookings.complete(Booking.objects.all()).get(pk=booking.pk)),
        host_id=booking.host_id,
        organization_id=booking.organization_id,
    )


@transaction.atomic
def tell_of_service(kind: EventType, connection: Connection) -> None:
    """Whose account it is, or all whom the organization's serves. Its row may be gone."""
    provider = connection.grant.provider
    if provider not in {one.key for one in registry.with_meetings()}:
        return
    announcements.announce_to_each(
        kind,
        partial(_service, provider),
        organization_id=connection.organization_id,
        host_id=connection.membership.user_id if connection.membership else None,
    )


def _service(provider: str, consent: Consent) -> Service:
    return services.shape_of(consent.membership, provider, consent.application)

"""Our own rooms for events of applications: the room knows bookings, so something stands for the event there."""

from django.utils.translation import gettext as _

from scheduling.models import ApplicationEvent, Booking, BookingStatus, Meeting, Scheduler


def stand_in(event: ApplicationEvent) -> Booking:
    """Not to be saved. Who is expected beside the host, only the application knows."""
    booking = Booking(
        uid=event.uid,
        organization=event.organization,
        host=event.host,
        scheduler=Scheduler(name=event.title),
        status=BookingStatus.CANCELLED if event.is_cancelled else BookingStatus.CONFIRMED,
        start=event.start,
        end=event.end,
        invitee_time_zone=event.time_zone,
    )
    booking.meeting = Meeting(booking=booking, place=event.place)
    booking.event = event
    return booking


def guest(booking: Booking) -> str:
    """What the host calls the other side."""
    return booking.invitee_name or _("Your guest")

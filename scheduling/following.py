"""What happens when somebody moved or deleted what stands for a booking: its host is asked, or the booking follows."""

from django.utils.translation import gettext as _

from accounts.models import Membership
from integrations import calendars, conferencing
from integrations.models import OnChange
from scheduling import bookings, decisions, emails
from scheduling.exceptions import NotChangeable, SlotTaken
from scheduling.models import BookedEvent, Booking, Change, Meeting


def act(held: Meeting | BookedEvent) -> None:
    """By the rule of the host, in the caller's transaction, which has locked him. One that cannot follow, because
    something else is booked then, is asked about all the same.
    """
    if not (_shall_follow(held) and _followed(held)):
        emails.tell_change(held.booking_id)


def _shall_follow(held: Meeting | BookedEvent) -> bool:
    """The rule is about calendars; a meeting counts where it is itself an event."""
    if isinstance(held, Meeting) and not (held.connection and conferencing.keeps_events(held.connection)):
        return False
    booking = held.booking
    host = Membership.objects.filter(organization=booking.organization_id, user=booking.host_id).first()
    return host is not None and calendars.settings_of(host).on_change == OnChange.FOLLOW


def _followed(held: Meeting | BookedEvent) -> bool:
    booking = Booking.objects.select_related("host", "scheduler", "meeting").get(pk=held.booking_id)
    try:
        _follow(booking, held)
    except (SlotTaken, NotChangeable):
        return False
    return True


def _follow(booking: Booking, held: Meeting | BookedEvent) -> None:
    if held.change == Change.DELETED:
        bookings.cancel(booking, by=booking.host, reason=_("Removed from the calendar"))
    else:
        decisions.follow(booking, mark=held.change_mark, by=booking.host)

"""Bookings as a table for a spreadsheet."""

import csv
from collections.abc import Iterable
from typing import IO, Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.spreadsheets import harmless
from scheduling import places
from scheduling.models import Booking


def write(out: IO[str] | Any, bookings: Iterable[Booking], *, reader: User) -> None:
    """CSV with a header; times as the reader's clock shows them, with their offset (ISO 8601)."""
    table = csv.writer(out)
    table.writerow(_header())
    for booking in bookings:
        table.writerow([harmless(cell) for cell in _row(booking, reader)])


def _header() -> list[str]:
    return [
        *(_("Start"), _("End"), _("Time zone"), _("Status"), _("Scheduler"), _("Invitee"), _("E-mail")),
        *(_("Notes"), _("Place"), _("Account"), _("State of the place"), _("Reason for cancelling"), _("Reference")),
    ]


def _row(booking: Booking, reader: User) -> list[str]:
    meeting = booking.meeting
    times = [moment.astimezone(reader.zone).isoformat(timespec="minutes") for moment in (booking.start, booking.end)]
    if booking.is_hidden:
        return [*times, reader.time_zone, booking.get_status_display(), "", booking.invitee_name]
    about = [booking.get_status_display(), booking.scheduler.name, booking.invitee_name, booking.invitee_email]
    place = [places.name(meeting.place), meeting.account_email, meeting.get_state_display()]
    return [*times, reader.time_zone, *about, booking.notes, *place, booking.cancel_reason, str(booking.uid)]

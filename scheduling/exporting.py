"""Bookings as a table for a spreadsheet, line by line: however many there are, few are in memory."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.spreadsheets import harmless
from scheduling import entries, places
from scheduling.models import Booking

MARK = "\ufeff"
"""By it spreadsheets know that the letters are UTF-8; without, some take an ö for two others."""


class _Line:
    """csv wants something to write to; what it writes is handed on."""

    def write(self, text: str) -> str:
        return text


def lines(bookings: Iterable[Booking], *, reader: User) -> Iterator[str]:
    """CSV with a header; times as the reader's clock shows them, with their offset (ISO 8601)."""
    table = csv.writer(_Line())
    yield MARK + table.writerow(_header())
    for booking in bookings:
        yield table.writerow([harmless(cell) for cell in _row(booking, reader)])


def _header() -> list[str]:
    return [
        *(_("Start"), _("End"), _("Time zone"), _("Status"), _("Scheduler"), _("Invitee"), _("E-mail")),
        *(_("Notes"), _("Place"), _("Account"), _("State of the place"), _("Reason for cancelling"), _("Reference")),
        *(_("Time zone of the invitee"), _("Link to join"), _("Booked"), _("Cancelled"), _("Cancelled by")),
    ]


def _row(booking: Booking, reader: User) -> list[str]:
    meeting = booking.meeting
    times = [_clock(moment, reader) for moment in (booking.start, booking.end)]
    if booking.is_hidden:
        return [*times, reader.time_zone, booking.get_status_display(), "", booking.invitee_name]
    about = [booking.get_status_display(), booking.scheduler.name, booking.invitee_name, booking.invitee_email]
    place = [places.name(meeting.place), meeting.account_email, meeting.get_state_display()]
    told = [*times, reader.time_zone, *about, booking.notes, *place, booking.cancel_reason, str(booking.uid)]
    return told + _history(booking, reader)


def _history(booking: Booking, reader: User) -> list[str]:
    by = (_("Host") if booking.cancelled_by_host else _("Invitee")) if booking.is_cancelled else ""
    moments = [_clock(booking.created_at, reader), _clock(booking.cancelled_at, reader)]
    return [booking.invitee_time_zone, entries.join_url(booking), *moments, by]


def _clock(moment: datetime | None, reader: User) -> str:
    return moment.astimezone(reader.zone).isoformat(timespec="minutes") if moment else ""

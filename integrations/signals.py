"""News from integrations; they go up, so nobody below needs to know who cares."""

from django.dispatch import Signal

connection_ended = Signal()
"""A connection can no longer be used. Sent after commit, once per ending.

connection: the Connection, already marked and without tokens; its row may be gone.  reason: an EndReason.
"""

connection_made = Signal()
"""Somebody has connected an account for himself. Sent after commit.  connection: the Connection."""

connection_restored = Signal()
"""A connection was authorized again, broken or not, and can be used. Sent after commit.  connection: the Connection."""

connection_in_use = Signal()
"""What relies on this connection?  connection: the Connection.  host: only this User's, or None for
everybody's. Receivers answer with a list of Use.
"""

connection_described = Signal()
"""What else is known about how this connection does?  connection: the Connection.  asked_by: the User who reads it.
Receivers answer with a list of Fact.
"""

connection_going = Signal()
"""A connection is about to be deleted, because somebody disconnects it. Sent inside the transaction, while its row is
still there: whoever refers to it can note what he needs.  connection: the Connection.
"""

meeting_reported = Signal()
"""A provider told us something about one of its meetings. Sent in a worker.

provider, account_id, external_id: whose meeting, by the provider's ids.  kind: "changed", "started", "ended".
at: when it was so there, aware.
"""

seat_going = Signal()
"""A member is about to do without the organization's connection. Sent inside the transaction, while he still may use
it.  seat: the Seat.
"""

seat_changed = Signal()
"""A member can host with the organization's connection (again), or cannot any more. Sent after commit.  seat: the Seat.
"""

busy_changed = Signal()
"""What closes times in somebody's calendars may have changed. Sent inside the transaction that wrote it.

users: the ids of those whose times they are.
"""

events_changed = Signal()
"""Events in a calendar were added, changed or removed. Sent after commit, in a worker.

calendar: the Calendar.  changed: the ids (CalendarEvent.external_id) of those that are there, removed: of those gone;
of a series' instances also the series' id.
"""

own_bookings_asked = Signal()
"""Which of these markers stand for bookings that this person hosts?  host: the id of the User.  markers: references
(EventRequest.reference) and iCalendar UIDs. Receivers answer with a set of them.
"""

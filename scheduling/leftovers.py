"""Meetings at a provider that no booking wants any more, or that may be there after an unclear answer."""

from datetime import timedelta

from outbox import outbox
from scheduling.models import Meeting

CLEAR = timedelta(seconds=10)
"""After an attempt with an unclear end, a meeting that was made shows in the provider's list by then."""


def clear(meeting: Meeting) -> None:
    """Owe that what was made for `meeting`, or may have been, goes from its account; its row need not stay.

    Where the account is disconnected nothing can be done; where it ended, this is owed again once it is back.
    """
    if meeting.connection_id and (meeting.external_id or meeting.attempted_at):
        outbox.want("comparison", meeting.connection_id, after=CLEAR)

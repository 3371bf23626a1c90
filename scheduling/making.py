"""One meeting at a provider, whatever dies when: what may have been made is looked for before it is asked for again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from integrations import conferencing
from integrations.exceptions import ProviderError, ProviderUnavailable
from integrations.models import Connection
from integrations.types import CreatedMeeting, MeetingRequest
from outbox import intents
from scheduling import leftovers

Note = Callable[[datetime | None], None]


def make(
    connection: Connection, request: MeetingRequest, *, host: User, attempted_at: datetime | None, note: Note
) -> CreatedMeeting:
    """note: writes down when the provider is asked, before it is; None if it has certainly made nothing."""
    found = left_behind(connection, request, host=host, attempted_at=attempted_at) if attempted_at else None
    if found:  # it may show what held at that attempt
        return conferencing.update_meeting(connection, found.external_id, request)
    note(now())
    try:
        return conferencing.create_meeting(connection, request, host=host)
    except ProviderError as error:
        if not _is_unclear(error):
            note(None)
        raise


def left_behind(
    connection: Connection,
    request: MeetingRequest,
    *,
    host: User,
    attempted_at: datetime,
    patience: timedelta = leftovers.CLEAR,
) -> CreatedMeeting | None:
    """What an earlier attempt made. Raises Later while the provider's list may not show it yet."""
    found = conferencing.find_meeting(connection, request, since=attempted_at, host=host)
    if found is None and now() - attempted_at < patience:
        raise intents.Later(_("Looking once more whether the meeting was made."), after=leftovers.CLEAR)
    return found


def _is_unclear(error: ProviderError) -> bool:
    return isinstance(error, ProviderUnavailable) and error.reached

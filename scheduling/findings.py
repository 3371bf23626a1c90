"""What was found changed at a provider, in sentences for the host."""

from django.utils.translation import gettext as _

from scheduling import places
from scheduling.models import Change, Meeting
from scheduling.reader import Reader


def title(meeting: Meeting) -> str:
    deleted, moved = _("This meeting was deleted at %(place)s."), _("This meeting was moved at %(place)s.")
    return (deleted if meeting.change == Change.DELETED else moved) % {"place": places.name(meeting.place)}


def consequence(meeting: Meeting, reader: Reader) -> str:
    """What is true now. Nothing was decided for the host, and nobody was told but him."""
    booking = meeting.booking
    if meeting.change == Change.DELETED:
        text = _("%(invitee)s still expects to meet on %(agreed)s, with a link that does not work any more.")
    else:
        text = _(
            "It is on %(there)s there. The booking was not changed, and %(invitee)s expects to meet on %(agreed)s."
        )
    names = {"invitee": booking.invitee_name, "agreed": reader.when(booking.start, booking.end)}
    return text % (names | {"there": _there(meeting, reader)})


def in_short(meeting: Meeting, reader: Reader) -> str:
    """For a list."""
    names = {"place": places.name(meeting.place), "there": _there(meeting, reader)}
    if meeting.change == Change.DELETED:
        return _("Deleted at %(place)s.") % names
    return _("Moved at %(place)s to %(there)s.") % names


def _there(meeting: Meeting, reader: Reader) -> str:
    if meeting.changed_start is None or meeting.changed_end is None:
        return ""
    return reader.when(meeting.changed_start, meeting.changed_end)

"""What it means that an account a meeting hangs on is no longer connected, in sentences for the host."""

from django.utils.translation import gettext as _

from scheduling import places
from scheduling.models import Meeting


def cause(place: str) -> str:
    return _("%(place)s is not connected any more.") % {"place": places.name(place)}


def consequence(meeting: Meeting) -> str:
    """What was not done, whether anything was lost, and what the host can do."""
    if meeting.booking.is_cancelled:
        text = _("The meeting was not removed there: please remove it at %(place)s yourself.")
    elif not meeting.external_id:
        return no_link(meeting.place)
    elif meeting.settled_sequence < meeting.booking.sequence:
        text = _(
            "The new time was not carried over to %(place)s: please move the meeting there yourself, "
            "or choose another place. The link keeps working."
        )
    else:
        return later_changes(meeting.place)
    return text % {"place": places.name(meeting.place)}


def later_changes(place: str) -> str:
    return _(
        "The link keeps working, but if this booking is moved or cancelled, the meeting at %(place)s stays as it is."
    ) % {"place": places.name(place)}


def no_link(place: str) -> str:
    return _("There is no link yet. The booking stands: connect %(place)s again, or choose another place.") % {
        "place": places.name(place)
    }

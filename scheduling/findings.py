"""What was found changed elsewhere, at a provider or in a calendar, in sentences for the host."""

from django.utils.translation import gettext as _

from scheduling import places
from scheduling.models import BookedEvent, Booking, Change, Held, Meeting
from scheduling.reader import Reader


def title(held: Held) -> str:
    if isinstance(held, BookedEvent):
        deleted, moved = _("The event was deleted in your calendar."), _("The event was moved in your calendar.")
    else:
        deleted, moved = _("This meeting was deleted at %(place)s."), _("This meeting was moved at %(place)s.")
    return (deleted if held.change == Change.DELETED else moved) % {"place": _place(held)}


def consequence(held: Held, reader: Reader) -> str:
    """What is true now. Nothing was decided for the host, and nobody was told but him."""
    booking = _booking(held)
    if held.change != Change.DELETED:
        text = _(
            "It is on %(there)s there. The booking was not changed, and %(invitee)s expects to meet on %(agreed)s."
        )
    elif isinstance(held, BookedEvent):
        text = _("The booking stands: %(invitee)s still expects to meet on %(agreed)s.")
    else:
        text = _("%(invitee)s still expects to meet on %(agreed)s, with a link that does not work any more.")
    names = {"invitee": booking.invitee_name, "agreed": reader.when(booking.start, booking.end)}
    return text % (names | {"there": _there(held, reader)})


def in_short(held: Held, reader: Reader) -> str:
    """For a list."""
    names = {"place": _place(held), "there": _there(held, reader)}
    if held.change == Change.DELETED:
        return _("Deleted at %(place)s.") % names
    return _("Moved at %(place)s to %(there)s.") % names


def _booking(held: Held) -> Booking:
    assert isinstance(held, Meeting | BookedEvent)
    return held.booking


def _place(held: Held) -> str:
    return places.name(held.place) if isinstance(held, Meeting) else _("your calendar")


def _there(held: Held, reader: Reader) -> str:
    if held.changed_start is None or held.changed_end is None:
        return ""
    return reader.when(held.changed_start, held.changed_end)

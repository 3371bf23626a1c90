"""Links that act for whoever holds them: the invitee's manage page, and the doors of our own rooms.

They are signed, not stored: the database holds nothing that opens them.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.timezone import now

from scheduling import event_rooms
from scheduling.exceptions import LinkExpired
from scheduling.models import ApplicationEvent, Booking

LIFE = timedelta(days=30)
"""After the end of the meeting."""

_manage = Signer(salt="scheduling.manage", sep=".")
_room = Signer(salt="scheduling.room", sep=".")
HOST, INVITEE = "h", "i"
EVENT = "event-"


def secret(booking: Booking) -> str:
    return _manage.sign(booking.uid.hex)


def url(booking: Booking) -> str:
    return settings.BASE_URL + reverse("manage", args=[secret(booking)])


def find(secret: str) -> Booking:
    """The booking it opens. Raises Booking.DoesNotExist (forged), or LinkExpired."""
    return _living(_booking(_unsigned(_manage, secret)))


def room_url(met: Booking | ApplicationEvent, *, as_host: bool = False) -> str:
    kind = EVENT if isinstance(met, ApplicationEvent) else ""
    door = _room.sign(f"{kind}{met.uid.hex}{HOST if as_host else INVITEE}")
    return settings.BASE_URL + reverse("room", args=[door])


def find_room(secret: str) -> tuple[Booking, bool]:
    """The booking whose room it opens, or what stands for an event, and whether it is the host's door. Raises like
    find.
    """
    text = _unsigned(_room, secret)
    if text.startswith(EVENT):
        return _living(event_rooms.stand_in(_event(text[len(EVENT) : -1]))), text[-1] == HOST
    return _living(_booking(text[:-1])), text[-1] == HOST


def _unsigned(signer: Signer, secret: str) -> str:
    try:
        return signer.unsign(secret)
    except BadSignature:
        raise Booking.DoesNotExist from None


def _booking(uid: str) -> Booking:
    return Booking.objects.select_related("scheduler", "host", "organization", "meeting").get(uid=UUID(hex=uid))


def _event(uid: str) -> ApplicationEvent:
    found = ApplicationEvent.objects.select_related("host", "organization").filter(uid=UUID(hex=uid)).first()
    if found is None:
        raise Booking.DoesNotExist
    return found


def _living(booking: Booking) -> Booking:
    if booking.end + LIFE < now():
        raise LinkExpired(booking)
    return booking

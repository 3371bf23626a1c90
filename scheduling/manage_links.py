"""Links that act for whoever holds them: the invitee's manage page, and the doors of our own rooms.

They are signed, not stored: the database holds nothing that opens them.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.timezone import now

from scheduling.exceptions import LinkExpired
from scheduling.models import Booking

LIFE = timedelta(days=30)
"""After the end of the meeting."""

_manage = Signer(salt="scheduling.manage", sep=".")
_room = Signer(salt="scheduling.room", sep=".")
HOST, INVITEE = "h", "i"


def secret(booking: Booking) -> str:
    return _manage.sign(booking.uid.hex)


def url(booking: Booking) -> str:
    return settings.BASE_URL + reverse("manage", args=[secret(booking)])


def find(secret: str) -> Booking:
    """The booking it opens. Raises Booking.DoesNotExist (forged), or LinkExpired."""
    return _living(_booking(_unsigned(_manage, secret)))


def room_url(booking: Booking, *, as_host: bool = False) -> str:
    door = _room.sign(booking.uid.hex + (HOST if as_host else INVITEE))
    return settings.BASE_URL + reverse("room", args=[door])


def find_room(secret: str) -> tuple[Booking, bool]:
    """The booking whose room it opens, and whether it is the host's door. Raises like find."""
    text = _unsigned(_room, secret)
    return _living(_booking(text[:-1])), text[-1] == HOST


def _unsigned(signer: Signer, secret: str) -> str:
    try:
        return signer.unsign(secret)
    except BadSignature:
        raise Booking.DoesNotExist from None


def _booking(uid: str) -> Booking:
    return Booking.objects.select_related("scheduler", "host", "organization", "meeting").get(uid=UUID(hex=uid))


def _living(booking: Booking) -> Booking:
    if booking.end + LIFE < now():
        raise LinkExpired(booking)
    return booking

"""Our own rooms: whether one is open, and where an organization has its meetings held instead."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Act, Organization, User
from scheduling import places
from scheduling.models import Booking, MeetingState, RoomPolicy, Scheduler

OVERTIME = timedelta(hours=2)
"""How long after its end a meeting may still be entered."""


@dataclass(frozen=True)
class Users:
    """Who meets in the built-in rooms of an organization."""

    schedulers: list[Scheduler]
    coming: int


def why_closed(booking: Booking) -> str:
    """A sentence for whoever stands before it; empty if the room is open."""
    if booking.is_cancelled and booking.event:
        return _("This event was called off. Nobody is expected here.")
    if booking.is_cancelled:
        return _("This booking is cancelled. Nobody is expected here.")
    meeting = getattr(booking, "meeting", None)
    if booking.event and booking.event.place != places.BUILTIN:
        return _("This meeting takes place somewhere else now. Whoever invited you to it has the link.")
    if meeting is not None and meeting.place != places.BUILTIN:
        return _("This meeting takes place somewhere else now. The newest mail about it has the link.")
    return _("This meeting is over.") if is_over(booking) else ""


def is_over(booking: Booking) -> bool:
    return booking.end + OVERTIME <= now()


def jitsi_url(organization: Organization) -> str:
    """The server that its rooms lead to; empty: they are here."""
    policy = RoomPolicy.objects.filter(organization=organization).values_list("jitsi_url", flat=True).first()
    return settings.JITSI_URL if policy is None else policy


def jitsi_room(booking: Booking) -> str:
    """The address there: the same for both sides, and for nobody to guess, since who knows it may enter."""
    server = jitsi_url(booking.organization)
    secret = salted_hmac("scheduling.jitsi", booking.uid.hex, algorithm="sha256").hexdigest()[:32]
    return f"{server}/bridge-{secret}" if server else ""


@transaction.atomic
def choose(organization: Organization, *, jitsi_url: str, by: User) -> None:
    """Where its built-in meetings take place from now on. `jitsi_url` empty: in our own rooms."""
    RoomPolicy.objects.update_or_create(
        organization=organization, defaults={"jitsi_url": jitsi_url.rstrip("/"), "changed_by": by}
    )
    audit.note(organization, Act.ROOM_CHANGED, by=by, subject=jitsi_url)


def users(organization: Organization) -> Users:
    schedulers = list(Scheduler.objects.filter(organization=organization).select_related("host", "connection__grant"))
    where = places.resolve_each(schedulers)
    coming = Booking.objects.filter(organization=organization, status="confirmed", end__gt=now())
    held = coming.filter(meeting__place=places.BUILTIN).exclude(meeting__state=MeetingState.REMOVED)
    return Users([found for found in schedulers if where[found.pk].key == places.BUILTIN], held.count())

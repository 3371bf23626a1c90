"""The page of our own room: the device check, the waiting room and the call; or where the meeting is held instead."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling import event_rooms, manage_links, room_words, rooms
from scheduling.models import Booking
from scheduling.views import calendar
from scheduling.views.secret import secret_page

NAME_LENGTH = 60


@csp_update({"media-src": [SELF, "blob:"]})  # type: ignore[arg-type]  # it expects a view without arguments
@require_safe
@secret_page
def room(request: HttpRequest, secret: str) -> HttpResponse:
    booking, is_host = manage_links.find_room(secret)
    context = _about(request, booking, is_host)
    if closed := rooms.why_closed(booking):
        return render(request, "scheduling/room/closed.html", context | {"closed": closed})
    if elsewhere := rooms.jitsi_room(booking):
        return render(request, "scheduling/room/elsewhere.html", context | {"elsewhere": elsewhere})
    response = render(request, "scheduling/room/page.html", context | _for_scripts(request, secret, booking, is_host))
    response["Permissions-Policy"] = "camera=(self), microphone=(self), display-capture=(self)"
    return response


def _about(request: HttpRequest, booking: Booking, is_host: bool) -> dict[str, object]:
    zone = booking.host.time_zone if is_host else booking.invitee_time_zone
    return {
        "booking": booking,
        "is_host": is_host,
        "reader": calendar.reader_of(request, zone),
        "now": timezone.now(),
    }


def _for_scripts(request: HttpRequest, secret: str, booking: Booking, is_host: bool) -> dict[str, object]:
    me, other = str(booking.host), event_rooms.guest(booking)
    if not is_host:
        me, other = booking.invitee_name, me
    verbs = ("enter", "exchange", "admit", "refuse", "leave")
    return {
        "name": me[:NAME_LENGTH],
        "name_length": NAME_LENGTH,
        "room": {
            "isHost": is_host,
            "addresses": {verb: reverse(f"room_{verb}", args=[secret]) for verb in verbs},
            "token": get_token(request),
            "pace": settings.ROOM_PACE,
            "words": room_words.of(host=str(booking.host), other=other),
        },
        "contact": booking.invitee_email if is_host else booking.host.email,
        "other": other,
    }

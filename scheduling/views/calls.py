"""What the page of a room asks while it is open: under the room's own address, in JSON, a refusal always a sentence."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from accounts.rate_limits import allows
from scheduling import calls, csrf, ice, manage_links, rooms
from scheduling.exceptions import CallRefused
from scheduling.forms.calls import NameForm
from scheduling.models import Booking, CallParticipant
from scheduling.views import wire
from scheduling.views.secret import secret_page

Said = Mapping[str, Any]
Door = Callable[[HttpRequest, Booking, bool, Said], JsonResponse]


def door(view: Door) -> Callable[..., HttpResponse]:
    """POST only, from our own page, to a room that exists: the view gets booking, is_host, and what was said."""

    @csrf_exempt  # asked by hand, in _heard
    @secret_page
    @wraps(view)
    def opened(request: HttpRequest, secret: str) -> HttpResponse:
        booking, is_host = manage_links.find_room(secret)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return _heard(view, request, booking, is_host)

    return opened


@door
def enter(request: HttpRequest, booking: Booking, is_host: bool, said: Said) -> JsonResponse:
    if not allows(request, "room"):
        return wire.refusal(_("That were many tries. Please wait a minute."), HTTPStatus.TOO_MANY_REQUESTS)
    if sentence := rooms.why_closed(booking):
        return wire.refusal(sentence, HTTPStatus.GONE)
    form = NameForm({"name": wire.text(said, "name")})
    if not form.is_valid():
        return wire.refusal(str(form.errors["name"][0]), HTTPStatus.UNPROCESSABLE_ENTITY)
    before = _before(booking, wire.text(said, "before"), is_host)
    me = calls.enter(booking, name=form.cleaned_data["name"], is_host=is_host, before=before)
    return JsonResponse({"key": calls.key(me), "uid": str(me.uid)})


@door
@transaction.atomic
def exchange(request: HttpRequest, booking: Booking, is_host: bool, said: Said) -> JsonResponse:
    """Say and hear, in one go; it is also the sign of life."""
    me = calls.find(booking, wire.text(said, "key"), is_host=is_host)
    if me.is_gone or booking.is_cancelled:
        return _gone(booking)
    if not calls.arrive(me):
        return wire.refusal(_("One moment."), HTTPStatus.TOO_MANY_REQUESTS)
    here = calls.here(booking)
    if not me.is_inside:
        return JsonResponse(_outside(me, here))
    calls.send(me, wire.signals(said), among=here)
    return JsonResponse(_inside(me, here) | {"signals": calls.receive(me, got=wire.got(said))})


@door
def admit(request: HttpRequest, booking: Booking, is_host: bool, said: Said) -> JsonResponse:
    me = calls.find(booking, wire.text(said, "key"), is_host=is_host)
    calls.admit(wire.uid(said.get("uid")), by=me)
    return JsonResponse({})


@door
def refuse(request: HttpRequest, booking: Booking, is_host: bool, said: Said) -> JsonResponse:
    me = calls.find(booking, wire.text(said, "key"), is_host=is_host)
    calls.refuse(wire.uid(said.get("uid")), by=me)
    return JsonResponse({})


@door
def leave(request: HttpRequest, booking: Booking, is_host: bool, said: Said) -> JsonResponse:
    calls.leave(calls.find(booking, wire.text(said, "key"), is_host=is_host))
    return JsonResponse({})


def _heard(view: Door, request: HttpRequest, booking: Booking, is_host: bool) -> JsonResponse:
    if csrf.is_forged(request):
        return wire.refusal(_("This page was open for a long time. Please reload it."), HTTPStatus.FORBIDDEN)
    try:
        return view(request, booking, is_host, wire.read(request))
    except CallRefused as refused:
        return wire.refusal(refused.sentence, HTTPStatus.CONFLICT)
    except BadRequest:
        return wire.refusal(_("Bridge did not understand this page. Please reload it."), HTTPStatus.BAD_REQUEST)
    except CallParticipant.DoesNotExist:
        return wire.refusal(_("Bridge does not know this visit. Please reload the page."), HTTPStatus.NOT_FOUND)


def _before(booking: Booking, key: str, is_host: bool) -> CallParticipant | None:
    try:
        return calls.find(booking, key, is_host=is_host) if key else None
    except CallParticipant.DoesNotExist:
        return None


def _gone(booking: Booking) -> JsonResponse:
    if booking.is_cancelled:
        return wire.refusal(rooms.why_closed(booking), HTTPStatus.GONE)
    return JsonResponse({"state": "gone"})


def _outside(me: CallParticipant, here: Sequence[CallParticipant]) -> dict[str, Any]:
    """He learns no more of those inside than whether it is worth waiting."""
    if me.refused_at:
        return {"state": "refused"}
    inside = [found for found in here if found.is_inside]
    return {
        "state": "waiting",
        "host_is_here": any(found.is_host for found in inside),
        "is_full": len(inside) >= calls.INSIDE,
    }


def _inside(me: CallParticipant, here: Sequence[CallParticipant]) -> dict[str, Any]:
    others = [found for found in here if found != me]
    return {
        "state": "inside",
        "people": [_told(found) for found in others if found.is_inside],
        "waiting": [_told(found) for found in others if not found.is_inside and me.is_host],
        "ice_servers": ice.servers(me.uid.hex),
    }


def _told(participant: CallParticipant) -> dict[str, Any]:
    return {"uid": str(participant.uid), "name": participant.name, "is_host": participant.is_host}

"""A meeting was moved or deleted at its provider: the host lets the booking follow, or puts the meeting back."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import MemberRequest
from scheduling import decisions, reader
from scheduling.exceptions import NotChangeable, SlotTaken
from scheduling.models import Booking
from scheduling.views import bookings


@require_POST
def follow(request: MemberRequest, uid: UUID) -> HttpResponse:
    booking = bookings.mine(request, uid)
    try:
        done = decisions.follow(booking, mark=request.POST.get("mark", ""), by=request.user)
    except SlotTaken:
        return _refused(request, uid, _("Something else is booked then. Nothing was changed."))
    except NotChangeable as refused:
        return _refused(request, uid, refused.sentence)
    return _done(request, booking, _("The booking is moved, and %(invitee)s is told by mail."), done)


@require_POST
def restore(request: MemberRequest, uid: UUID) -> HttpResponse:
    booking = bookings.mine(request, uid)
    offer = decisions.offered(booking, reader.of(request.user))
    try:
        done = decisions.restore(booking, mark=request.POST.get("mark", ""), by=request.user)
    except NotChangeable as refused:
        return _refused(request, uid, refused.sentence)
    sentence = _("It is being put back to what was agreed. %(invitee)s is not bothered.")
    if offer.is_deleted and not offer.is_event:
        sentence = _("A new meeting is being made. %(invitee)s gets the new link by mail.")
    return _done(request, booking, sentence, done)


def _done(request: MemberRequest, booking: Booking, sentence: str, done: bool) -> HttpResponse:
    if done:
        messages.success(request, sentence % {"invitee": booking.invitee_name})
    else:
        messages.info(request, _("There is nothing to decide any more. This page shows what holds."))
    return redirect("booking", request.organization.slug, booking.uid)


def _refused(request: MemberRequest, uid: UUID, sentence: str) -> HttpResponse:
    """With the booking as it is now."""
    return bookings.shown(request, bookings.mine(request, uid), problem=sentence, status=HTTPStatus.CONFLICT)

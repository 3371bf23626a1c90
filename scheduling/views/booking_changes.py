"""What a host does to a booking. A refusal is a sentence on the same page, and what was typed stays."""

from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import MemberRequest
from scheduling import bookings, cut_off, last_look, places
from scheduling.exceptions import CalendarSilent, NotChangeable, NotOffered, SlotTaken
from scheduling.forms.bookings import CancelForm
from scheduling.forms.places import PlaceForm
from scheduling.models import Booking, MeetingState
from scheduling.places import Place
from scheduling.reader import Reader
from scheduling.selection import Selection
from scheduling.views import calendar
from scheduling.views.bookings import mine


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: MemberRequest, uid: UUID) -> HttpResponse:
    booking = mine(request, uid)
    form = CancelForm(request.POST if request.method == "POST" else None)
    context = {"booking": booking, "form": form, "cut_off": _warning(booking), "reader": _reader(request)}
    if not form.is_valid():
        return render(request, "scheduling/bookings/cancel.html", context, status=422 if form.errors else 200)
    try:
        bookings.cancel(booking, by=request.user, reason=form.cleaned_data["reason"])
    except NotChangeable as refused:
        return _refused(request, "scheduling/bookings/cancel.html", context, refused.sentence)
    return _done(request, booking, _("The booking is cancelled, and %(invitee)s is told by mail."))


@require_http_methods(["GET", "HEAD", "POST"])
def reschedule(request: MemberRequest, uid: UUID) -> HttpResponse:
    """A free start in the address is shown to confirm; else the calendar. The length stays as it was."""
    booking = mine(request, uid)
    chosen = calendar.chosen_by(request, [booking.duration // timedelta(minutes=1)], zone=request.user.time_zone)
    if request.method == "POST" and chosen.start:
        return _move(request, booking, chosen, chosen.start)
    if request.method == "POST":
        return _choose(request, booking, chosen, problem=_("Please choose a time first."), status=422)
    return _choose(request, booking, chosen, confirm=calendar.is_free(booking.scheduler, chosen, moving=booking))


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: MemberRequest, uid: UUID) -> HttpResponse:
    """Choose another place."""
    booking = mine(request, uid)
    form = PlaceForm(request.POST if request.method == "POST" else None, membership=request.membership)
    may = bookings.may_choose_place(booking)
    context = {"booking": booking, "form": form, "may": may, "reader": _reader(request)}
    if not form.is_valid():
        return render(request, "scheduling/bookings/place.html", context, status=422 if form.errors else 200)
    try:
        bookings.choose_place(booking, _place(form, booking), by=request.user)
    except NotChangeable as refused:
        return _refused(request, "scheduling/bookings/place.html", context, refused.sentence)
    messages.success(
        request, _("The meeting has another place now, and %(invitee)s is told by mail.") % _names(booking)
    )
    return redirect("booking", request.organization.slug, uid)


def _move(request: MemberRequest, booking: Booking, chosen: Selection, start: datetime) -> HttpResponse:
    try:
        last_look.before_moving(booking, start)
        bookings.reschedule(booking, start=start, by=request.user)
    except CalendarSilent:
        problem = _("Your calendar does not answer just now. Nothing was changed: please try again in a minute.")
        return _choose(request, booking, chosen, problem=problem)
    except SlotTaken:
        return _choose(request, booking, chosen, problem=_("Something else is booked then. Nothing was changed."))
    except NotOffered as refused:
        said = " ".join(reason.sentence for reason in refused.reasons)
        return _choose(request, booking, chosen, problem=_two(_("This time is not offered."), said))
    except NotChangeable as refused:
        return _choose(request, booking, chosen, problem=refused.sentence)
    return _done(request, booking, _("The booking is moved, and %(invitee)s is told by mail."))


def _choose(
    request: MemberRequest,
    booking: Booking,
    chosen: Selection,
    *,
    confirm: bool = False,
    problem: str = "",
    status: int = HTTPStatus.CONFLICT,
) -> HttpResponse:
    """`status` is that of a problem."""
    month = calendar.of(request, booking.scheduler, chosen, moving=booking)
    context = {"booking": booking, "problem": problem, "cut_off": _warning(booking), "confirm": confirm}
    answer = status if problem else HTTPStatus.OK
    return render(request, "scheduling/bookings/reschedule.html", month | context, status=answer)


def _done(request: MemberRequest, booking: Booking, sentence: str) -> HttpResponse:
    messages.success(request, sentence % _names(booking))
    if booking.meeting.state == MeetingState.DETACHED:
        messages.warning(request, _two(cut_off.cause(booking.meeting.place), cut_off.consequence(booking.meeting)))
    return redirect("booking", request.organization.slug, booking.uid)


def _refused(request: MemberRequest, template: str, context: dict[str, object], sentence: str) -> HttpResponse:
    return render(request, template, context | {"problem": sentence}, status=HTTPStatus.CONFLICT)


def _reader(request: MemberRequest) -> Reader:
    return calendar.reader_of(request, request.user.time_zone)


def _warning(booking: Booking) -> str:
    """What the host should know before the change."""
    if booking.meeting.state != MeetingState.DETACHED:
        return ""
    return _two(cut_off.cause(booking.meeting.place), cut_off.later_changes(booking.meeting.place))


def _two(first: str, second: str) -> str:
    return f"{first} {second}"


def _place(form: PlaceForm, booking: Booking) -> Place:
    choice, detail = form.cleaned_data["place"], form.cleaned_data["place_detail"]
    return places.at(
        choice.place,
        host=booking.host,
        organization_id=booking.organization_id,
        named=choice.connection,
        detail=detail,
    )


def _names(booking: Booking) -> dict[str, str]:
    return {"invitee": booking.invitee_name}

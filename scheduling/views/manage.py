"""The invitee's own page of a booking: look, move, cancel, take along. Whoever has the link may."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rate_limits import allows
from scheduling import bookings, calendar_links, csrf, ical, intervals, last_look, manage_links, time_zones
from scheduling.exceptions import CalendarSilent, NotChangeable, NotOffered, SlotTaken
from scheduling.forms.public import CancelForm
from scheduling.models import Booking
from scheduling.selection import Selection
from scheduling.views import calendar
from scheduling.views.secret import secret_page


@require_safe
@secret_page
def manage(request: HttpRequest, secret: str) -> HttpResponse:
    return _page(request, secret, manage_links.find(secret))


@csrf_exempt  # asked by hand, in _refusal
@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def reschedule(request: HttpRequest, secret: str) -> HttpResponse:
    booking = manage_links.find(secret)
    if not _is_changeable(booking):
        return _unchangeable(request, secret, booking)
    chosen = calendar.chosen_by(request, [booking.duration // intervals.MINUTE], zone=booking.invitee_time_zone)
    if request.method == "POST":
        return _move(request, secret, booking, chosen)
    return _choose(request, secret, booking, chosen)


@csrf_exempt  # asked by hand, in _refusal
@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def cancel(request: HttpRequest, secret: str) -> HttpResponse:
    booking = manage_links.find(secret)
    if booking.is_cancelled:
        return redirect("manage", secret)
    if not _is_changeable(booking):
        return _unchangeable(request, secret, booking)
    form = CancelForm(request.POST if request.method == "POST" else None)
    sentence, status = _refusal(request)
    if request.method == "POST" and not sentence and form.is_valid():
        bookings.cancel(booking, by=None, reason=form.cleaned_data["reason"])
        return redirect("manage", secret)
    if form.errors:
        status = status if sentence else HTTPStatus.UNPROCESSABLE_ENTITY
    context = _about(request, secret, booking) | {"form": form, "alert": sentence}
    return _with_form(render(request, "scheduling/manage/cancel.html", context, status=status))


@require_safe
@secret_page
def ics(request: HttpRequest, secret: str) -> HttpResponse:
    booking = manage_links.find(secret)
    response = HttpResponse(ical.calendar(booking), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="booking.ics"'
    return response


def _choose(
    request: HttpRequest,
    secret: str,
    booking: Booking,
    chosen: Selection,
    *,
    alert: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = _about(request, secret, booking) | {"chosen": chosen, "alert": alert}
    if calendar.is_free(booking.scheduler, chosen, moving=booking):
        context["reader"] = calendar.reader_of(request, chosen.zone)
        return _with_form(render(request, "scheduling/manage/move.html", context, status=status))
    context |= calendar.of(request, booking.scheduler, chosen, moving=booking)
    return _with_form(render(request, "scheduling/manage/reschedule.html", context, status=status))


def _move(request: HttpRequest, secret: str, booking: Booking, chosen: Selection) -> HttpResponse:
    sentence, status = _refusal(request)
    if sentence:
        return _choose(request, secret, booking, chosen, alert=sentence, status=status)
    if chosen.start is None or chosen.corrections:
        sentence = " ".join(chosen.corrections) or _("Please choose a time first.")
        return _choose(request, secret, booking, chosen, alert=sentence, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        last_look.before_moving(booking, chosen.start)
        bookings.reschedule(booking, start=chosen.start, by=None)
    except (CalendarSilent, SlotTaken, NotOffered) as refused:
        sentence, status = _said(refused, booking)
        return _choose(request, secret, booking, chosen, alert=sentence, status=status)
    except NotChangeable:
        return _unchangeable(request, secret, booking)
    return redirect("manage", secret)


def _said(refused: Exception, booking: Booking) -> tuple[str, int]:
    if isinstance(refused, SlotTaken):
        return _("Somebody has just booked this time. Your booking is unchanged."), HTTPStatus.CONFLICT
    if isinstance(refused, NotOffered):
        return _("This time is not offered. Your booking is unchanged."), HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = _(
        "The calendar of %(host)s does not answer just now, so we cannot be sure that this time is free. Your booking"
        " is unchanged: please try again in a minute."
    )
    return sentence % {"host": booking.host}, HTTPStatus.CONFLICT


def _refusal(request: HttpRequest) -> tuple[str, int]:
    """Why this form is not taken, in a sentence, with the status; an empty one if it is."""
    if request.method != "POST":
        return "", HTTPStatus.OK
    if not allows(request, "manage"):
        return _(
            "That were many tries in a short time. Please wait a minute, then try again."
        ), HTTPStatus.TOO_MANY_REQUESTS
    if csrf.is_forged(request):
        return _("This page was open for a long time. Nothing is lost: please send it again."), HTTPStatus.FORBIDDEN
    return "", HTTPStatus.OK


def _page(
    request: HttpRequest, secret: str, booking: Booking, *, alert: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = _about(request, secret, booking) | {"alert": alert, "calendar_links": calendar_links.of(booking)}
    return render(request, "scheduling/manage/page.html", context, status=status)


def _unchangeable(request: HttpRequest, secret: str, booking: Booking) -> HttpResponse:
    if request.method != "POST":
        return redirect("manage", secret)
    sentence = _("This was cancelled before.") if booking.is_cancelled else _("This meeting is over.")
    return _page(request, secret, booking, alert=sentence, status=HTTPStatus.CONFLICT)


def _about(request: HttpRequest, secret: str, booking: Booking) -> dict[str, object]:
    zone = time_zones.find(request.GET.get("zone", "")[:64]) or booking.invitee_time_zone
    return {
        "booking": booking,
        "secret": secret,
        "reader": calendar.reader_of(request, zone),
        "is_over": booking.end <= timezone.now(),
        "now": timezone.now(),
    }


def _is_changeable(booking: Booking) -> bool:
    return not booking.is_cancelled and booking.end > timezone.now()


def _with_form(response: HttpResponse) -> HttpResponse:
    """A page with a form must say where it comes from, to us alone: under no-referrer browsers send `Origin: null`."""
    response["Referrer-Policy"] = "same-origin"
    return response

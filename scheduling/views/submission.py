"""The form of the booking page, and what becomes of it. What was typed comes back with every no."""

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.rate_limits import allows
from scheduling import bookings, calendar_page, challenges, csrf, last_look, manage_links, openings, places
from scheduling.challenges import Verdict
from scheduling.exceptions import CalendarSilent, NotOffered, SlotTaken
from scheduling.forms.public import BookingForm
from scheduling.models import Booking, Scheduler
from scheduling.selection import Selection
from scheduling.types import InviteeDetails
from scheduling.views import calendar, draft


@dataclass(frozen=True)
class Refusal:
    """A no with its reason; `nearest` are other times to offer, `confirm` asks for one more tick."""

    sentence: str
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    nearest: list[datetime] = field(default_factory=list)
    confirm: bool = False


def form_page(request: HttpRequest, scheduler: Scheduler, chosen: Selection) -> HttpResponse:
    form = BookingForm(initial={"name": chosen.name, "email": chosen.email} | draft.kept(request))
    return _page(request, scheduler, chosen, form)


def receive(request: HttpRequest, scheduler: Scheduler, chosen: Selection) -> HttpResponse:
    if "change" in request.POST:
        elsewhere = redirect(request.path + chosen.address(start=None) + "#times")
        return draft.keep(request, elsewhere, [*BookingForm.base_fields])
    form = BookingForm(request.POST)
    refusal = _refusal(request, scheduler, chosen, form)
    if refusal is None:
        outcome = _book(request, scheduler, chosen, form)
        if isinstance(outcome, Booking):
            return draft.forget(request, redirect("manage", manage_links.secret(outcome)))
        refusal = outcome
    return _page(request, scheduler, chosen, form, refusal)


def _refusal(request: HttpRequest, scheduler: Scheduler, chosen: Selection, form: BookingForm) -> Refusal | None:
    if not allows(request, "booking"):
        sentence = _("That were many tries in a short time. Please wait a minute, then send this again.")
        return Refusal(sentence, HTTPStatus.TOO_MANY_REQUESTS)
    if csrf.is_forged(request):
        return Refusal(
            _("This page was open for a long time. Nothing is lost: please send it again."), HTTPStatus.FORBIDDEN
        )
    if chosen.corrections or chosen.start is None:
        return _unreadable(scheduler, chosen)
    if not form.is_valid():
        return Refusal("")
    return _challenge(request)


def _unreadable(scheduler: Scheduler, chosen: Selection) -> Refusal:
    near = chosen.start or timezone.now()
    sentence = " ".join(chosen.corrections) or _("Please choose a time first.")
    return Refusal(sentence, nearest=openings.nearest(scheduler, near, chosen.duration))


def _challenge(request: HttpRequest) -> Refusal | None:
    verdict = challenges.judge(request) if _key(request) else Verdict.AGAIN
    if verdict == Verdict.AGAIN:
        return Refusal(
            _("That was quick! To be sure that nobody else sends this for you, please press “Book” once more.")
        )
    if verdict == Verdict.CONFIRM:
        return Refusal(_("One more step, because programs fill in forms too: please tick the box below."), confirm=True)
    return None


def _book(request: HttpRequest, scheduler: Scheduler, chosen: Selection, form: BookingForm) -> Booking | Refusal:
    start, key = chosen.start, _key(request)
    assert start is not None
    assert key is not None
    invitee = InviteeDetails(**form.cleaned_data, time_zone=chosen.zone, language=get_language() or "en")
    try:
        if bookings.submitted(scheduler, key) is None:
            last_look.look(scheduler, start, chosen.duration)
        return bookings.book(scheduler, start=start, duration=chosen.duration, invitee=invitee, key=key)
    except CalendarSilent:
        return Refusal(_silent(scheduler), HTTPStatus.CONFLICT)
    except SlotTaken:
        sentence = _("Somebody has just booked this time. What you typed is kept: choose one of the nearest times.")
        return Refusal(sentence, HTTPStatus.CONFLICT, openings.nearest(scheduler, start, chosen.duration))
    except NotOffered:
        sentence = _("This time is not offered. What you typed is kept: choose one of the nearest times.")
        return Refusal(sentence, nearest=openings.nearest(scheduler, start, chosen.duration))


def _silent(scheduler: Scheduler) -> str:
    sentence = _(
        "The calendar of %(host)s does not answer just now, so we cannot be sure that this time is free. Nothing was"
        " booked, and what you typed is kept: please send it again in a minute."
    )
    return sentence % {"host": scheduler.host}


def _page(
    request: HttpRequest, scheduler: Scheduler, chosen: Selection, form: BookingForm, refusal: Refusal | None = None
) -> HttpResponse:
    who = calendar.reader_of(request, chosen.zone)
    context = {
        "scheduler": scheduler,
        "place": places.announced(scheduler),
        "chosen": chosen,
        "reader": who,
        "form": form,
        "refusal": refusal,
        "nearest": calendar_page.times(refusal.nearest, who) if refusal else [],
        "key": _key(request) or uuid4(),
        "stamp": challenges.kept(request.POST.get("stamp", "")),
        "trap": challenges.TRAP,
    }
    return render(request, "scheduling/public/form.html", context, status=refusal.status if refusal else HTTPStatus.OK)


def _key(request: HttpRequest) -> UUID | None:
    """The name of this submission: sent twice, it is still one."""
    try:
        return UUID(request.POST.get("key", "")[:36])
    except ValueError:
        return None

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import MemberRequest
from scheduling import agenda, bookings, decisions, entries, exporting, queries
from scheduling.forms.bookings import FilterForm
from scheduling.models import Booking
from scheduling.views import calendar

PER_PAGE = 25


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    form = _filters(request)
    mine = agenda.search(queries.bookings(request.membership), text=form.text, scheduler=form.slug)
    found = Paginator(agenda.select(mine, form.shown, reader=request.user), PER_PAGE).get_page(request.GET.get("page"))
    reader = calendar.reader_of(request, request.user.time_zone)
    context = {
        "reader": reader,
        "form": form,
        "page": found,
        "days": entries.by_day(entries.of(found), reader=reader),
        "today": reader.local(now()).date(),
        "counts": agenda.counts(mine, reader=request.user),
        "narrowing": urlencode(form.narrowing),
    }
    return render(request, "scheduling/bookings/page.html", context)


@require_GET
def export(request: MemberRequest) -> HttpResponse:
    """What the filters show, all pages of it."""
    form = _filters(request)
    mine = agenda.search(queries.bookings(request.membership), text=form.text, scheduler=form.slug)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bookings-{form.shown.value}.csv"'
    exporting.write(response, agenda.select(mine, form.shown, reader=request.user), reader=request.user)
    return response


@require_GET
def booking(request: MemberRequest, uid: UUID) -> HttpResponse:
    return shown(request, mine(request, uid))


def shown(request: MemberRequest, found: Booking, *, problem: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    """The page of one booking; `problem` says why what was asked of it was refused."""
    reader = calendar.reader_of(request, request.user.time_zone)
    entry = entries.of([found])[0]
    context = {
        "entry": entry,
        "booking": found,
        "reader": reader,
        "there": calendar.reader_of(request, found.invitee_time_zone),
        "changeable": not found.is_cancelled and found.end > now(),
        "may_choose_place": bookings.may_choose_place(found) and found.end > now(),
        "changed": decisions.offered(found, reader) if entry.is_changed else None,
        "problem": problem,
    }
    template = "scheduling/bookings/_place.html" if request.htmx else "scheduling/bookings/booking.html"
    return render(request, template, context, status=status)


@require_POST
def retry(request: MemberRequest, uid: UUID) -> HttpResponse:
    bookings.retry(mine(request, uid), by=request.user)
    messages.info(request, _("We are trying again now. This page shows how it went."))
    return redirect("booking", request.organization.slug, uid)


def mine(request: MemberRequest, uid: UUID) -> Booking:
    return get_object_or_404(queries.bookings(request.membership), uid=uid)


def _filters(request: MemberRequest) -> FilterForm:
    return FilterForm(request.GET, schedulers=list(queries.schedulers(request.membership)))

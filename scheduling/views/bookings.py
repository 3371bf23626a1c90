from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import delegations
from accounts.delegations import Desk
from accounts.http import MemberRequest
from scheduling import agenda, bookings, decisions, entries, exporting, private_events, queries
from scheduling.agenda import Show
from scheduling.forms.bookings import FilterForm
from scheduling.models import Booking
from scheduling.views import calendar

PER_PAGE = 25
AT_ONCE = 500
"""Read by an export."""


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    desk = desk_of(request)
    form = _filters(request, desk)
    mine = _searched(desk, form)
    found = Paginator(agenda.select(mine, form.shown, reader=request.user), PER_PAGE).get_page(request.GET.get("page"))
    reader = calendar.reader_of(request, request.user.time_zone)
    context = {
        "reader": reader,
        "form": form,
        "page": found,
        "desk": desk,
        "desks": delegations.desks(request.membership),
        "days": entries.by_day(entries.of(private_events.shown(found)), reader=reader),
        "today": reader.local(now()).date(),
        "counts": agenda.counts(mine, reader=request.user),
        "narrowing": urlencode(form.narrowing),
        "of": "" if desk.is_own else desk.owner.user.custom_url,
    }
    return render(request, "scheduling/bookings/page.html", context)


@require_GET
def export(request: MemberRequest) -> StreamingHttpResponse:
    """What the filters show, all pages of it."""
    desk = desk_of(request)
    form = _filters(request, desk)
    found = agenda.select(_searched(desk, form), form.shown, reader=request.user).iterator(AT_ONCE)
    shown = (seen for booking in found for seen in private_events.shown([booking]))
    response = StreamingHttpResponse(
        exporting.lines(shown, reader=request.user), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="bookings-{form.shown.value}.csv"'
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
    """His own, or one of a colleague whose schedule he manages, unless it is private."""
    for desk in delegations.desks(request.membership):
        found = private_events.readable(queries.bookings(desk.owner), desk).filter(uid=uid).first()
        if found is not None:
            return found
    raise Http404


def desk_of(request: MemberRequest) -> Desk:
    """Whose schedule the page is about."""
    found = delegations.desk(request.membership, request.GET.get("of", ""))
    if found is None:
        raise Http404
    return found


def _searched(desk: Desk, form: FilterForm) -> QuerySet[Booking]:
    """What is private is not found by what it says."""
    his = queries.bookings(desk.owner)
    if form.narrowing or form.shown == Show.ATTENTION:
        return agenda.search(private_events.readable(his, desk), text=form.text, scheduler=form.slug)
    return private_events.judged(his, desk)


def _filters(request: MemberRequest, desk: Desk) -> FilterForm:
    return FilterForm(request.GET, schedulers=list(queries.schedulers(desk.owner)))

"""The calendar: bookings and events by day; an event to look at, to change, to delete."""

from datetime import date
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import delegations
from accounts.delegations import Desk
from accounts.http import MemberRequest, posted
from integrations import event_edits
from integrations.exceptions import RequestRejected
from integrations.models import CalendarEvent
from scheduling import planner, private_events
from scheduling.forms.events import EventForm
from scheduling.views import bookings, calendar


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    desk = bookings.desk_of(request)
    reader = calendar.reader_of(request, request.user.time_zone)
    today = reader.local(now()).date()
    found = planner.page(desk, _view(request), _day(request) or today, reader)
    context = {
        "desk": desk,
        "desks": delegations.desks(request.membership),
        "page": found,
        "reader": reader,
        "today": today,
        "unread": planner.unread(desk),
        "of": "" if desk.is_own else desk.owner.user.custom_url,
    }
    return render(request, "scheduling/planner/page.html", context)


@require_http_methods(["GET", "POST"])
def event(request: MemberRequest, uid: UUID) -> HttpResponse:
    desk, found = _event(request, uid)
    may_edit = event_edits.may_edit(found)
    form = EventForm(posted(request), event=found, time_zone=request.user.time_zone) if may_edit else None
    if request.method == "POST" and form is None:
        raise Http404
    if form and form.is_valid():
        return _changed(request, desk, found, form)
    context = {
        "desk": desk,
        "event": private_events.sight(found, desk),
        "trouble": event_edits.trouble(found),
        "form": form,
        "reader": calendar.reader_of(request, request.user.time_zone),
        "back": _address(request, desk, found),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "scheduling/planner/event.html", context, status=status)


@require_POST
def delete(request: MemberRequest, uid: UUID) -> HttpResponse:
    desk, found = _event(request, uid)
    back = _address(request, desk, found)
    try:
        event_edits.delete(found)
    except RequestRejected as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The event is deleted here, and in your calendar in a moment."))
    return redirect(back)


def _changed(request: MemberRequest, desk: Desk, found: CalendarEvent, form: EventForm) -> HttpResponse:
    event_edits.change(found, form.request)
    messages.success(request, _("Saved here; your calendar follows in a moment."))
    return redirect(_address(request, desk, found))


def _event(request: MemberRequest, uid: UUID) -> tuple[Desk, CalendarEvent]:
    """His own, or one of a colleague whose schedule he manages, unless it is private."""
    for desk in delegations.desks(request.membership):
        found = private_events.events(desk).filter(uid=uid).first()
        if found is not None:
            return desk, found
    raise Http404


def _address(request: MemberRequest, desk: Desk, found: CalendarEvent) -> str:
    day = found.first_day or found.start.astimezone(request.user.zone).date()
    of = "" if desk.is_own else f"&of={desk.owner.user.custom_url}"
    return f"{reverse('calendar', args=[request.organization.slug])}?day={day.isoformat()}{of}"


def _view(request: MemberRequest) -> planner.View:
    wanted = request.GET.get("view", "")
    return planner.View(wanted) if wanted in {view.value for view in planner.View} else planner.View.WEEK


def _day(request: MemberRequest) -> date | None:
    """None if the address says none, or one that no calendar has."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
    return day if 1970 <= day.year < 2100 else None

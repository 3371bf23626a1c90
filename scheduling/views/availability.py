from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import MemberRequest
from scheduling import glance, onboarding, queries, schedules
from scheduling.exceptions import NotChangeable
from scheduling.forms.availability import ScheduleForm
from scheduling.models import Schedule
from scheduling.views import calendar


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    """All schedules of a person."""
    schedules.default_for(request.membership)
    found = queries.schedules(request.membership).prefetch_related("schedulers")
    reader = calendar.reader_of(request, request.user.time_zone)
    context = {"reader": reader, "glances": [glance.of(schedule, reader=reader) for schedule in found]}
    return render(request, "scheduling/availability/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    return _editor(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, uid: UUID) -> HttpResponse:
    return _editor(request, _mine(request, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: MemberRequest, uid: UUID) -> HttpResponse:
    schedule = _mine(request, uid)
    context: dict[str, object] = {"schedule": schedule, "users": schedule.schedulers.all()}
    if request.method != "POST":
        return render(request, "scheduling/availability/delete.html", context)
    try:
        schedules.delete(schedule)
    except NotChangeable as refused:
        context["problem"] = refused.sentence
        return render(request, "scheduling/availability/delete.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": schedule})
    return redirect("availability", request.organization.slug)


def _editor(request: MemberRequest, schedule: Schedule | None) -> HttpResponse:
    form = ScheduleForm(
        request.POST if request.method == "POST" else None, membership=request.membership, schedule=schedule
    )
    if form.change_lines():
        return _form_page(request, form, schedule)
    if form.is_valid() and form.keep(lambda: _save(request, form, schedule)):
        onboarding.remember_hours(request.session)
        messages.success(request, _("Saved."))
        return redirect("availability", request.organization.slug)
    return _form_page(request, form, schedule, status=422 if form.errors else 200)


def _form_page(
    request: MemberRequest, form: ScheduleForm, schedule: Schedule | None, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "schedule": schedule}
    return render(request, "scheduling/availability/form.html", context, status=status)


def _save(request: MemberRequest, form: ScheduleForm, schedule: Schedule | None) -> None:
    if schedule is None:
        schedules.create(request.membership, **form.chosen)
    else:
        schedules.change(schedule, **form.chosen)


def _mine(request: MemberRequest, uid: UUID) -> Schedule:
    return get_object_or_404(queries.schedules(request.membership), uid=uid)

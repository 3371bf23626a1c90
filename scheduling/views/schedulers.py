from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import MemberRequest
from integrations import panels
from scheduling import onboarding, overview, places, queries, reader, schedulers, schedules, why
from scheduling.exceptions import NotChangeable
from scheduling.forms.schedulers import SchedulerForm
from scheduling.forms.why import WhyForm
from scheduling.models import Scheduler
from scheduling.views import calendar


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    """The schedulers overview."""
    steps = onboarding.steps(request.membership, request.session)
    accounts = panels.panel(request.membership)
    context = {
        "panel": accounts,
        "panel_hint": overview.hint(request.user, accounts),
        "panel_open": "panel" in request.GET,
        "reader": calendar.reader_of(request, request.user.time_zone),
        "cards": overview.cards(list(queries.schedulers(request.membership))),
        "steps": [] if onboarding.is_done(steps) else steps,
    }
    return render(request, "scheduling/schedulers/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    schedules.default_for(request.membership)
    form = SchedulerForm(_typed(request), membership=request.membership)
    if form.is_valid() and form.keep(lambda: schedulers.create(request.membership, **form.chosen)):
        messages.success(request, _("“%(name)s” can be booked now. Share its link.") % form.chosen)
        return redirect("scheduler_preview", request.organization.slug, form.chosen["slug"])
    return render(request, "scheduling/schedulers/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, scheduler: str) -> HttpResponse:
    found = _mine(request, scheduler)
    form = SchedulerForm(_typed(request), membership=request.membership, instance=_mine(request, scheduler))
    if form.is_valid() and form.keep(lambda: schedulers.change(found, **form.chosen)):
        messages.success(request, _("Saved."))
        return redirect("schedulers", request.organization.slug)
    context = {"form": form, "scheduler": found, "url": overview.public_url(found)}
    return render(request, "scheduling/schedulers/form.html", context, status=422 if form.errors else 200)


@require_GET
def preview(request: MemberRequest, scheduler: str) -> HttpResponse:
    """The month as invitees see it, and "Why not?"."""
    found = _mine(request, scheduler)
    chosen = calendar.chosen_by(request, found.durations, zone=request.user.time_zone)
    month = calendar.of(request, found, replace(chosen, start=None))
    question = WhyForm(request.GET if "why-day" in request.GET else None, lengths=found.durations)
    context = {"scheduler": found, "place": places.resolve(found), "url": overview.public_url(found), "why": question}
    if question.is_valid():
        context["reasons"] = why.not_offered(found, **question.asked, region=reader.region(request.headers))
    return render(request, "scheduling/schedulers/preview.html", month | context | {"picked": chosen.start})


@require_POST
def switch(request: MemberRequest, scheduler: str) -> HttpResponse:
    schedulers.switch(_mine(request, scheduler), on=request.POST.get("on") == "yes")
    return redirect("schedulers", request.organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: MemberRequest, scheduler: str) -> HttpResponse:
    found = _mine(request, scheduler)
    context: dict[str, object] = {"scheduler": found, "has_bookings": found.bookings.exists()}
    if request.method != "POST":
        return render(request, "scheduling/schedulers/delete.html", context)
    try:
        schedulers.delete(found)
    except NotChangeable as refused:
        context["problem"] = refused.sentence
        return render(request, "scheduling/schedulers/delete.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": found})
    return redirect("schedulers", request.organization.slug)


def _mine(request: MemberRequest, slug: str) -> Scheduler:
    return get_object_or_404(queries.schedulers(request.membership), slug=slug)


def _typed(request: MemberRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None

"""What an invitee meets: a person's page, and the page where a time is chosen. Works as plain links and forms."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries as accounts_queries
from scheduling import places
from scheduling.models import Scheduler
from scheduling.views import calendar, month_pages, submission

PAGES = month_pages.checkable(Scheduler.objects.filter(host__is_active=True))


@login_not_required
@require_safe
@cache_control(private=True, no_cache=True)
def person(request: HttpRequest, custom_url: str) -> HttpResponse:
    if custom_url != custom_url.lower():
        return redirect("person", custom_url.lower())
    host = get_object_or_404(accounts_queries.person(custom_url))
    offered = list(Scheduler.objects.filter(host=host, is_on=True).select_related("host", "connection__grant"))
    where = places.resolve_each(offered)
    offers = [(scheduler, where[scheduler.pk]) for scheduler in offered]
    return render(request, "scheduling/public/person.html", {"host": host, "offers": offers})


@csrf_exempt  # submission.py asks by hand, so that a page that was open for too long keeps what was typed
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def booking_page(request: HttpRequest, custom_url: str, scheduler: str) -> HttpResponse:
    if (custom_url, scheduler) != (custom_url.lower(), scheduler.lower()):
        return redirect("booking_page", custom_url.lower(), scheduler.lower())
    page = get_object_or_404(PAGES.filter(host__custom_url=custom_url, slug=scheduler))
    if not page.is_on:
        return render(request, "scheduling/public/closed.html", {"scheduler": page}, status=HTTPStatus.NOT_FOUND)
    zone = calendar.zone_of(request) or page.schedule.time_zone
    chosen = calendar.chosen_by(request, page.durations, zone=zone)
    if request.method == "POST":
        return submission.receive(request, page, chosen)
    if calendar.is_free(page, chosen):
        return submission.form_page(request, page, chosen)
    return month_pages.answer(request, page, chosen)

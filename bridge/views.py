"""The product page, help, and how we are."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from bridge.celery import app
from outbox.models import Intent


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("dashboard")
    return render(request, "home.html")


@login_not_required
@require_GET
def help_zoom(request: HttpRequest) -> HttpResponse:
    return render(request, "help/zoom.html", {"marketplace_url": settings.ZOOM_MARKETPLACE_URL})


@login_not_required
@require_GET
def help_organization_zoom(request: HttpRequest) -> HttpResponse:
    return render(request, "help/organization_zoom.html")


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"alive": True})


@login_not_required
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while the database or the broker does not answer, or what is owed has waited for ten minutes."""
    state = {"database": _database(), "broker": _broker(), "oldest_due_seconds": _oldest_due()}
    ready = state["database"] and state["broker"] and (state["oldest_due_seconds"] or 0) < 600
    return JsonResponse(state | {"ready": ready}, status=200 if ready else 503)


def _database() -> bool:
    try:
        Intent.objects.exists()
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # whatever the broker's client raises
        return False
    return True


def _oldest_due() -> int | None:
    """Seconds that the oldest due intent has waited; None when nothing is due, or nobody can tell."""
    try:
        oldest = Intent.objects.due(now()).order_by("due_at").values_list("due_at", flat=True).first()
    except DatabaseError:
        return None
    return (now() - oldest) // timedelta(seconds=1) if oldest else None

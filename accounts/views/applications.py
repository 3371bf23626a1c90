"""Applications registered in the organization; for its admins, which of them act here, and the rules."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from accounts import applications
from accounts.http import MemberRequest
from accounts.models import Application


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    context = {
        "applications": applications.manageable(request.membership),
        "may_register": applications.may_register(request.membership),
    }
    return render(request, "accounts/applications/page.html", context)


@require_GET
def application(request: MemberRequest, uid: UUID) -> HttpResponse:
    return render(request, "accounts/applications/application.html", {"application": found(request, uid)})


@cache_control(private=True, max_age=86_400)
@require_GET
def logo(request: MemberRequest, uid: UUID) -> HttpResponse:
    """For everybody who is signed in: whoever is asked for consent sees it. Its address changes with it."""
    shown = get_object_or_404(Application.objects.exclude(logo_type=""), uid=uid)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
    response = HttpResponse(bytes(shown.logo), content_type=shown.logo_type, headers=headers)
    response._csp_replace = {"default-src": ["'none'"], "sandbox": [""]}  # type: ignore[attr-defined]
    return response


def found(request: MemberRequest, uid: UUID) -> Application:
    return get_object_or_404(applications.manageable(request.membership), uid=uid)

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.http import MemberRequest


@require_safe
def dashboard(request: MemberRequest) -> HttpResponse:
    """Leads to the organization used last."""
    return redirect("schedulers", request.organization.slug)

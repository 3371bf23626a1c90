"""Whether everybody in the organization needs a second factor."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import second_factors
from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires


@require_POST
@requires(Role.ADMIN)
def require(request: MemberRequest) -> HttpResponse:
    wanted = request.POST.get("wanted") == "yes"
    try:
        second_factors.require(request.organization, wanted=wanted, by=request.user)
    except second_factors.Unprotected:
        messages.error(request, _("Nothing was changed: first set up a second factor of your own."))
        return redirect("mfa_index")
    said = _("Everybody needs a second factor now.") if wanted else _("A second factor is not required any more.")
    messages.success(request, said)
    return redirect("organization_settings", request.organization.slug)

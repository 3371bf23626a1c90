"""An account that arrived by a link, and the admin's word about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires
from integrations import arrivals
from integrations.views.organization import shared_of


@require_POST
@requires(Role.ADMIN)
def confirm(request: MemberRequest, provider: str, uid: UUID) -> HttpResponse:
    found = shared_of(provider)
    try:
        connection = arrivals.confirm(request.organization, uid, by=request.user)
    except arrivals.NotThere:
        messages.error(
            request, _("This account does not wait any more: it was decided about, or its access has ended.")
        )
        return redirect("organization_provider", request.organization.slug, found.key)
    names = {"provider": found.label, "email": connection.grant.email}
    text = _("%(provider)s is connected for everybody, by %(email)s. Each member is being looked up there now.")
    messages.success(request, text % names)
    return redirect("organization_provider", request.organization.slug, found.key)


@require_POST
@requires(Role.ADMIN)
def decline(request: MemberRequest, provider: str, uid: UUID) -> HttpResponse:
    found = shared_of(provider)
    try:
        arrivals.decline(request.organization, uid, by=request.user)
    except arrivals.NotThere:
        messages.info(request, _("This account does not wait any more."))
    else:
        messages.success(request, _("Declined. Its access is given back, and nothing of it is kept."))
    return redirect("organization_provider", request.organization.slug, found.key)

"""What admins decide about applications: who registers, which may act, and for how long."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import applications
from accounts.forms.applications import RulesForm
from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires
from accounts.views.applications import found


@require_POST
@requires(Role.ADMIN)
def rules(request: MemberRequest) -> HttpResponse:
    form = RulesForm(request.POST)
    if form.is_valid():
        applications.rule(request.organization, **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Nothing was changed: please choose who may register applications."))
    return redirect("applications", request.organization.slug)


@require_POST
@requires(Role.ADMIN)
def state(request: MemberRequest, uid: UUID) -> HttpResponse:
    """Approve, block, unblock."""
    shown = found(request, uid)
    if request.POST.get("act") == "block":
        applications.block(shown, by=request.user)
        messages.success(request, _("%(name)s can do nothing any more.") % {"name": shown.name})
    else:
        applications.approve(shown, by=request.user)
        messages.success(request, _("%(name)s may act.") % {"name": shown.name})
    return redirect(shown)


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def end(request: MemberRequest, uid: UUID) -> HttpResponse:
    """The access of one, wherever it is registered, to everybody here. First whom that concerns."""
    shown = get_object_or_404(applications.acting_in(request.organization), uid=uid)
    if request.method == "POST":
        ended = applications.end_access(request.organization, shown, by=request.user)
        said = ngettext(
            "Its access to %(count)s member has ended.", "Its access to %(count)s members has ended.", ended
        )
        messages.success(request, said % {"count": ended})
        return redirect("applications", request.organization.slug)
    people = applications.people_of(request.organization, shown)
    return render(request, "accounts/applications/end.html", {"application": shown, "people": people})

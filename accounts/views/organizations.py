"""The organizations of a person, and the settings of one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitations, organizations, queries, second_factors
from accounts.forms.organizations import OrganizationForm
from accounts.http import MemberRequest, posted
from accounts.models import Role
from accounts.rate_limits import allows
from accounts.roles import requires


@require_http_methods(["GET", "POST"])
def page(request: MemberRequest) -> HttpResponse:
    """Mine, those I am invited to, and a form for another one."""
    form = OrganizationForm(posted(request))
    if form.is_valid():
        if allows(request, "organization"):
            return _founded(request, form.cleaned_data["name"])
        form.add_error("name", _("These were several in a short time. Please go on in an hour."))
    context = {
        "form": form,
        "memberships": queries.memberships(request.user),
        "invitations": queries.invitations_for(request.user),
    }
    return render(request, "accounts/organizations/page.html", context, status=422 if form.errors else 200)


@require_POST
def switch(request: MemberRequest) -> HttpResponse:
    """The middleware has remembered the organization that the address names."""
    return redirect("schedulers", request.organization.slug)


@require_POST
def accept(request: MemberRequest, uid: UUID) -> HttpResponse:
    invitation = get_object_or_404(queries.invitations_for(request.user), uid=uid)
    try:
        membership = invitations.accept(invitation, by=request.user)
    except (invitations.Closed, invitations.NotYours):
        messages.error(request, _("This invitation is not open any more. Ask for a new one."))
        return redirect("organizations")
    messages.success(request, _("You belong to %(organization)s now.") % {"organization": membership.organization})
    return redirect("schedulers", membership.organization.slug)


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def settings(request: MemberRequest) -> HttpResponse:
    form = OrganizationForm(posted(request), initial={"name": request.organization.name})
    if form.is_valid():
        organizations.rename(request.organization, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("organization_settings", request.organization.slug)
    context = {
        "form": form,
        "has_second_factor": second_factors.protects(request.user),
        "lacking": second_factors.lacking(request.organization).count(),
    }
    return render(request, "accounts/organizations/settings.html", context, status=422 if form.errors else 200)


def _founded(request: MemberRequest, name: str) -> HttpResponse:
    membership = organizations.found(request.user, name=name)
    messages.success(request, _("You own %(organization)s now.") % {"organization": membership.organization})
    return redirect("schedulers", membership.organization.slug)

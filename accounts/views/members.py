"""Who belongs to the organization: roles, and the ways out."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import memberships, queries, roles, second_factors
from accounts.confirmations import confirmed
from accounts.forms.member_search import MemberSearchForm
from accounts.forms.members import GoForm, RoleForm
from accounts.http import MemberRequest, posted
from accounts.models import Membership, Role
from accounts.roles import requires

A_PAGE = 50


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    """All see who is there; what waits for an answer is for admins."""
    search = MemberSearchForm(request.GET, organization=request.organization)
    found = search.narrow(queries.members(request.organization)).prefetch_related("teams")
    invited = queries.pending_invitations(request.organization)
    context = {
        "members": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "search": search,
        "invitations": invited if request.membership.is_admin else None,
        "barred": _barred(request),
    }
    return render(request, "accounts/members/page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def member(request: MemberRequest, uid: UUID) -> HttpResponse:
    """One of them: his role, and what can be done about him."""
    found = _member(request, uid)
    form = RoleForm(posted(request), by=request.membership, initial={"role": found.role})
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        said = _("%(person)s is now: %(role)s.") % {"person": found.user, "role": role.label}
        return _do(request, lambda: memberships.change_role(found, role, by=request.membership), said)
    context = {
        "member": found,
        "form": form if roles.may_manage(request.membership, found) else None,
        "may_hand_over": request.membership.is_owner and not found.is_owner,
        "is_last_owner": memberships.is_last_owner(found),
    }
    return render(request, "accounts/members/member.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Role.OWNER)
@confirmed
def hand_over(request: MemberRequest, uid: UUID) -> HttpResponse:
    found = _member(request, uid)
    if request.method == "POST":
        said = _("%(person)s owns the organization now; you are an admin.") % {"person": found.user}
        return _do(request, lambda: memberships.hand_over(request.membership, to=found), said)
    return render(request, "accounts/members/hand_over.html", {"member": found})


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def remove(request: MemberRequest, uid: UUID) -> HttpResponse:
    """First what ends or is left behind."""
    found = _member(request, uid)
    if found == request.membership:
        return redirect("leave", request.organization.slug)
    if not roles.may_manage(request.membership, found):
        raise PermissionDenied
    form = GoForm(posted(request))
    if form.is_valid():
        tick: bool = form.cleaned_data["cancel_bookings"]
        said = _("%(person)s is removed, and was told by mail.") % {"person": found.user}
        return _do(request, lambda: memberships.remove(found, by=request.membership, cancel_bookings=tick), said)
    return _dry_run(request, found, form)


@require_http_methods(["GET", "POST"])
def leave(request: MemberRequest) -> HttpResponse:
    form = GoForm(posted(request))
    if memberships.is_last_owner(request.membership):
        is_alone = queries.members(request.organization).count() == 1
        return render(request, "accounts/members/stay.html", {"is_alone": is_alone})
    if form.is_valid():
        memberships.leave(request.membership, cancel_bookings=form.cleaned_data["cancel_bookings"])
        messages.success(request, _("You have left %(organization)s.") % {"organization": request.organization})
        return redirect("organizations")
    return _dry_run(request, request.membership, form)


def _member(request: MemberRequest, uid: UUID) -> Membership:
    return get_object_or_404(queries.members(request.organization), uid=uid)


def _barred(request: MemberRequest) -> set[int]:
    """Who is asked for a second factor and has none yet; for admins, who may remind them."""
    if not (request.membership.is_admin and request.organization.requires_second_factor):
        return set()
    return set(second_factors.lacking(request.organization).values_list("pk", flat=True))


def _dry_run(request: MemberRequest, member: Membership, form: GoForm) -> HttpResponse:
    context = {
        "member": member,
        "is_me": member == request.membership,
        "losses": memberships.losses(member),
        "form": form,
    }
    return render(request, "accounts/members/go.html", context)


def _do(request: MemberRequest, deed: Callable[[], None], said: str) -> HttpResponse:
    try:
        deed()
    except memberships.Gone as gone:
        raise Http404 from gone
    except memberships.LastOwner:
        messages.error(
            request, _("Nothing was changed: nobody would own the organization. Make somebody an owner first.")
        )
    else:
        messages.success(request, said)
    return redirect("members", request.organization.slug)

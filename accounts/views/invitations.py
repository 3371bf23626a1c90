"""Asking people in, and the page that an invitation's link opens."""

from uuid import UUID

from allauth.account.utils import complete_signup
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitation_outcomes, invitations, newcomers, queries
from accounts.discreet import discreet
from accounts.forms.invitations import InviteForm, NewcomerForm
from accounts.http import MemberRequest, VisitorRequest, posted
from accounts.invitation_outcomes import Outcome
from accounts.models import Invitation, Role, User
from accounts.rate_limits import allows
from accounts.roles import requires


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def invite(request: MemberRequest) -> HttpResponse:
    form = InviteForm(posted(request))
    if form.is_valid():
        try:
            sent = invitations.invite(
                request.membership, form.cleaned_data["addresses"], role=Role(form.cleaned_data["role"])
            )
        except invitations.Refused as refused:
            form.add_error("addresses", str(refused))
        else:
            said = ngettext("One invitation is on its way.", "%(number)s invitations are on their way.", len(sent))
            messages.success(request, said % {"number": len(sent)})
            return redirect("members", request.organization.slug)
    return render(request, "accounts/invitations/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Role.ADMIN)
def resend(request: MemberRequest, uid: UUID) -> HttpResponse:
    invitation = _pending(request, uid)
    try:
        invitations.resend(invitation, by=request.user)
    except invitations.Refused as refused:
        messages.error(request, str(refused))
    except invitations.Closed:
        messages.info(request, _("This invitation was accepted or withdrawn meanwhile."))
    else:
        said = _("A new mail is on its way to %(address)s; the link in the old one is dead.")
        messages.success(request, said % {"address": invitation.email})
    return redirect("members", request.organization.slug)


@require_POST
@requires(Role.ADMIN)
def withdraw(request: MemberRequest, uid: UUID) -> HttpResponse:
    invitation = _pending(request, uid)
    if invitations.withdraw(invitation, by=request.user):
        said = _("The invitation to %(address)s is withdrawn; its link is dead.")
        messages.success(request, said % {"address": invitation.email})
    else:
        messages.info(request, _("This invitation was accepted or withdrawn meanwhile."))
    return redirect("members", request.organization.slug)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@discreet
def invitation(request: VisitorRequest, secret: str) -> HttpResponse:
    """Who asks, into what; accepted with the account that holds the address, or with a new one. GET changes nothing."""
    try:
        found = invitations.follow(secret)
    except (invitations.Unknown, invitations.Closed) as refusal:
        return _refused(request, refusal)
    if isinstance(request.user, User):
        holds = queries.holds(request.user, found.email)
        context = {"invitation": found, "holds": holds, "here": request.path}
        return render(request, "accounts/invitations/member.html", context)
    if queries.account_with(found.email):
        return render(request, "accounts/invitations/sign_in.html", {"invitation": found, "here": request.path})
    return _sign_up(request, found)


def _sign_up(request: VisitorRequest, found: Invitation) -> HttpResponse:
    form = NewcomerForm(posted(request), invitation=found)
    if not form.is_valid():
        context = {"invitation": found, "form": form}
        return render(request, "accounts/invitations/sign_up.html", context, status=422 if form.errors else 200)
    try:
        user = newcomers.welcome(found, **form.cleaned_data)
    except invitations.Closed as closed:
        return _refused(request, closed)
    except newcomers.HasAccount:
        return redirect(request.path)
    there = reverse("schedulers", args=[found.organization.slug])
    return complete_signup(request, user, None, there)  # type: ignore[no-any-return]


def _refused(request: VisitorRequest, refusal: Exception) -> HttpResponse:
    if isinstance(refusal, invitations.Closed):
        return _page(request, invitation_outcomes.closed(refusal.invitation))
    if not allows(request, "invitation"):
        return _page(request, invitation_outcomes.too_many())
    return _page(request, invitation_outcomes.unknown())


def _page(request: VisitorRequest, outcome: Outcome) -> HttpResponse:
    return render(request, "accounts/invitations/outcome.html", {"outcome": outcome}, status=outcome.status)


def _pending(request: MemberRequest, uid: UUID) -> Invitation:
    return get_object_or_404(queries.pending_invitations(request.organization), uid=uid)

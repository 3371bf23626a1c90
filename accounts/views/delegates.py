"""Who manages my schedule, and whose I manage."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import delegations
from accounts.forms.delegates import DelegateForm
from accounts.http import MemberRequest, posted
from accounts.models import Delegation


@require_http_methods(["GET", "POST"])
def page(request: MemberRequest) -> HttpResponse:
    form = DelegateForm(posted(request), owner=request.membership)
    if form.is_valid() and _handed_over(request, form):
        return redirect("delegates")
    context = {
        "form": form,
        "given": delegations.given_by(request.membership),
        "held": delegations.held_by(request.membership),
    }
    return render(request, "accounts/delegates/page.html", context, status=422 if form.errors else 200)


@require_POST
def limit(request: MemberRequest, uid: UUID) -> HttpResponse:
    found = get_object_or_404(delegations.given_by(request.membership), uid=uid)
    delegations.limit(found, private_events="private_events" in request.POST, by=request.user)
    text = _("%(name)s sees private events now.") if found.private_events else _("%(name)s sees their times alone now.")
    messages.success(request, text % {"name": found.delegate.user})
    return redirect("delegates")


@require_POST
def take_back(request: MemberRequest, uid: UUID) -> HttpResponse:
    """By the one who handed it over, or by the one who holds it."""
    mine = Q(owner=request.membership) | Q(delegate=request.membership)
    related = "owner__organization", "owner__user", "delegate__user"
    found = get_object_or_404(Delegation.objects.filter(mine).select_related(*related), uid=uid)
    delegations.take_back(found, by=request.user)
    text = _("%(delegate)s does not manage the schedule of %(owner)s any more.")
    messages.success(request, text % {"delegate": found.delegate.user, "owner": found.owner.user})
    return redirect("delegates")


def _handed_over(request: MemberRequest, form: DelegateForm) -> bool:
    try:
        made = delegations.hand_over(request.membership, **form.cleaned_data, by=request.user)
    except delegations.Refused as refused:
        form.add_error("delegate", refused.sentence)
        return False
    messages.success(request, _("%(name)s manages your schedule now.") % {"name": made.delegate.user})
    return True

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires
from scheduling import rooms
from scheduling.forms.room_policy import RoomPolicyForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Role.ADMIN)
def page(request: MemberRequest) -> HttpResponse:
    """Where the built-in meetings of the organization take place; who is affected stands beside the choice."""
    current = rooms.jitsi_url(request.organization)
    form = RoomPolicyForm(request.POST if request.method == "POST" else None, jitsi_url=current)
    if request.method == "POST" and form.is_valid():
        rooms.choose(request.organization, jitsi_url=form.chosen, by=request.user)
        messages.success(request, _("Saved. The links that people already have lead there."))
        return redirect("room_policy", request.organization.slug)
    context = {"form": form, "current": current, "users": rooms.users(request.organization)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "scheduling/room_policy/page.html", context, status=status)

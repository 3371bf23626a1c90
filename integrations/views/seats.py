"""The organization's connection, as one member sees it: he may do without it where his admins allow that."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import MemberRequest
from integrations import connections, queries, registry, seat_choices, seats
from integrations.models import Seat
from integrations.views import paths


@require_http_methods(["GET", "POST"])
def remove(request: MemberRequest, uid: UUID) -> HttpResponse:
    """First what would be affected. Refused where the admins have not allowed it."""
    seat = _his(request, uid)
    if not seat.connection.members_may_remove:
        raise PermissionDenied
    if request.method == "POST":
        return _removed(request, seat)
    context = {
        "provider": registry.oauth(seat.connection.grant.provider),
        "uses": connections.uses_of(seat.connection, host=request.user),
        "back": paths.back(request),
    }
    return render(request, "integrations/conferencing/remove.html", context)


@require_POST
def take_back(request: MemberRequest, uid: UUID) -> HttpResponse:
    seat_choices.take_back(_his(request, uid), by=request.user)
    messages.success(request, _("You use your organization’s connection again."))
    return redirect(paths.back(request))


def _removed(request: MemberRequest, seat: Seat) -> HttpResponse:
    try:
        seat_choices.remove(seat, by=request.user)
    except seat_choices.NotAllowed as refused:
        raise PermissionDenied from refused
    messages.success(request, _("Removed for you alone. Meetings that exist, and their links, stay."))
    return redirect(paths.back(request))


def _his(request: MemberRequest, uid: UUID) -> Seat:
    connection = get_object_or_404(queries.shared_connections(request.organization), uid=uid)
    return seats.seat_of(connection, request.membership)

"""The members of an organization as hosts at a provider: exported, corrected, looked up again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import queries as accounts_queries
from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires
from integrations import queries, roster, roster_export, roster_search, seat_choices, seats
from integrations.forms.roster import SearchForm, SeatForm
from integrations.models import Connection, Seat
from integrations.providers.base import OAuthProvider
from integrations.views.organization import shared_of


@require_GET
@requires(Role.ADMIN)
def export(request: MemberRequest, provider: str) -> HttpResponse:
    """What the filters show, all pages of it."""
    found = shared_of(provider)
    members = list(roster_search.find(request.organization, found, SearchForm(request.GET).search))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="members-{found.key}.csv"'
    roster_export.write(response, roster.lines(request.organization, found, members))
    return response


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def correct(request: MemberRequest, provider: str, uid: UUID) -> HttpResponse:
    """Which user of the organization's account a member is."""
    found = shared_of(provider)
    seat = _seat(request, found, uid)
    form = SeatForm(request.POST or None, initial={"wanted": seat.wanted})
    if request.method == "POST" and form.is_valid():
        seat_choices.correct(seat, wanted=form.cleaned_data["wanted"], by=request.user)
        messages.success(request, _("Saved. %(person)s is being looked up now.") % {"person": seat.membership.user})
        return _back(request, found)
    context = {"provider": found, "seat": seat, "form": form, "trouble": seats.problem(seat) or seat.problem}
    return render(request, "integrations/organization/seat.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Role.ADMIN)
def look_up(request: MemberRequest, provider: str, uid: UUID) -> HttpResponse:
    found = shared_of(provider)
    seat = _seat(request, found, uid)
    seat_choices.look_again(seat)
    messages.info(request, _("%(person)s is being looked up now.") % {"person": seat.membership.user})
    return _back(request, found)


@require_POST
@requires(Role.ADMIN)
def look_up_all(request: MemberRequest, provider: str) -> HttpResponse:
    found = shared_of(provider)
    seat_choices.look_for_all(_connection(request, found))
    messages.info(request, _("Everybody is being looked up now; this page shows how it goes."))
    return _back(request, found)


def _seat(request: MemberRequest, provider: OAuthProvider, uid: UUID) -> Seat:
    membership = get_object_or_404(accounts_queries.members(request.organization), uid=uid)
    return seats.seat_of(_connection(request, provider), membership)


def _connection(request: MemberRequest, provider: OAuthProvider) -> Connection:
    return get_object_or_404(queries.shared_connections(request.organization), grant__provider=provider.key)


def _back(request: MemberRequest, provider: OAuthProvider) -> HttpResponse:
    return redirect("organization_provider", request.organization.slug, provider.key)

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import queries, teams
from accounts.forms.teams import TeamForm
from accounts.http import MemberRequest, posted
from accounts.models import Role, Team
from accounts.roles import requires


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    found = queries.teams(request.organization).prefetch_related("members__user")
    return render(request, "accounts/teams/page.html", {"teams": found})


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def new(request: MemberRequest) -> HttpResponse:
    form = TeamForm(posted(request), organization=request.organization)
    return _saved(request, form, None) or _form(request, form, None)


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def edit(request: MemberRequest, uid: UUID) -> HttpResponse:
    team = _team(request, uid)
    form = TeamForm(posted(request), organization=request.organization, team=team)
    return _saved(request, form, team) or _form(request, form, team)


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def delete(request: MemberRequest, uid: UUID) -> HttpResponse:
    team = _team(request, uid)
    if request.method == "POST":
        teams.delete(team, by=request.user)
        messages.success(request, _("The team is deleted. Its members stay in the organization."))
        return redirect("teams", request.organization.slug)
    return render(request, "accounts/teams/delete.html", {"team": team})


def _saved(request: MemberRequest, form: TeamForm, team: Team | None) -> HttpResponse | None:
    """None: something is to be corrected, or nothing was sent yet."""
    if not form.is_valid():
        return None
    try:
        if team is None:
            teams.create(request.organization, **form.cleaned_data, by=request.user)
        else:
            teams.change(team, **form.cleaned_data, by=request.user)
    except teams.NameTaken:
        form.add_error("name", _("Another team has this name. Please choose a different one."))
        return None
    messages.success(request, _("Saved."))
    return redirect("teams", request.organization.slug)


def _form(request: MemberRequest, form: TeamForm, team: Team | None) -> HttpResponse:
    context = {"form": form, "team": team}
    return render(request, "accounts/teams/form.html", context, status=422 if form.errors else 200)


def _team(request: MemberRequest, uid: UUID) -> Team:
    return get_object_or_404(queries.teams(request.organization), uid=uid)

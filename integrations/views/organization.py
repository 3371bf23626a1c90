"""Integrations & apps: what is connected for the whole organization, and what its admins decide about it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires
from integrations import (
    connections,
    organization_connections,
    organization_panels,
    policy_panels,
    queries,
    registry,
    roster,
    roster_search,
)
from integrations.forms.roster import SearchForm
from integrations.models import Connection
from integrations.providers.base import OAuthProvider

PER_PAGE = 25


@require_GET
@requires(Role.ADMIN)
def integrations(request: MemberRequest) -> HttpResponse:
    context = {
        "overviews": organization_panels.overviews(request.organization),
        "calendars": policy_panels.of(request.organization),
    }
    return render(request, "integrations/organization/integrations.html", context)


@require_GET
@requires(Role.ADMIN)
def page(request: MemberRequest, provider: str) -> HttpResponse:
    """State, what waits for a word, links, and every member. With htmx only the members, while some are looked up."""
    found = shared_of(provider)
    context = _members(request, found)
    if request.htmx:
        return render(request, "integrations/organization/_members.html", context)
    context["overview"] = organization_panels.overview(request.organization, found)
    context["links"] = organization_panels.links(request.organization, found, reader=request.user)
    return render(request, "integrations/organization/page.html", context)


@require_POST
@requires(Role.ADMIN)
def members_may_remove(request: MemberRequest, provider: str) -> HttpResponse:
    found = shared_of(provider)
    allowed = bool(request.POST.get("on"))
    organization_connections.let_members_remove(_connection(request, found), allowed, by=request.user)
    if allowed:
        messages.success(request, _("Members may now remove it for themselves."))
    else:
        messages.success(request, _("Members may not remove it any more. Who has done so already stays without."))
    return _back(request, found)


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def disconnect(request: MemberRequest, provider: str) -> HttpResponse:
    """First who and what would be affected; nothing happens before it is confirmed."""
    found = shared_of(provider)
    if request.method == "POST":
        return _disconnected(request, found)
    connection = _connection(request, found)
    context = {
        "provider": found,
        "connection": connection,
        "members": roster.hosting_with(connection),
        "uses": connections.uses_of(connection),
    }
    return render(request, "integrations/organization/disconnect.html", context)


def provider_of(key: str) -> OAuthProvider:
    try:
        return registry.oauth(key)
    except registry.UnknownProvider as unknown:
        raise Http404 from unknown


def shared_of(key: str) -> OAuthProvider:
    """One that is connected once for everybody."""
    found = provider_of(key)
    if not found.organization_template:
        raise Http404
    return found


def _members(request: MemberRequest, provider: OAuthProvider) -> dict[str, object]:
    form = SearchForm(request.GET)
    found = roster_search.find(request.organization, provider, form.search)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    lines = roster.lines(request.organization, provider, list(page))
    return {
        "provider": provider,
        "form": form,
        "members_page": page,
        "lines": lines,
        "has_shared": any(line.shared for line in lines),
        "is_looking": any(line.is_looked_for for line in lines),
        "narrowing": urlencode(form.narrowing),
    }


def _disconnected(request: MemberRequest, provider: OAuthProvider) -> HttpResponse:
    shared = queries.shared_connections(request.organization).filter(grant__provider=provider.key).first()
    if shared is None:
        messages.info(request, _("It is not connected any more."))
        return _back(request, provider)
    organization_connections.disconnect(shared, by=request.user)
    text = _("%(provider)s is disconnected for the organization. Meetings that exist, and their links, stay.")
    messages.success(request, text % {"provider": provider.label})
    return _back(request, provider)


def _connection(request: MemberRequest, provider: OAuthProvider) -> Connection:
    return get_object_or_404(queries.shared_connections(request.organization), grant__provider=provider.key)


def _back(request: MemberRequest, provider: OAuthProvider) -> HttpResponse:
    return redirect("organization_provider", request.organization.slug, provider.key)

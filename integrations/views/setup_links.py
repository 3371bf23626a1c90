"""The link that connects a provider for a whole organization: made and taken back by its admins."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires
from integrations import link_outcomes, queries, setup_links, vendor_apps
from integrations.types import AppKind
from integrations.views.organization import shared_of


@require_POST
@never_cache
@requires(Role.ADMIN)
def issue(request: MemberRequest, provider: str) -> HttpResponse:
    """The only page that ever shows it."""
    found = shared_of(provider)
    if not vendor_apps.app_for(request.organization, found, AppKind.ORGANIZATION).is_complete:
        messages.error(request, link_outcomes.not_set_up(found.label).sentence)
        return redirect("organization_provider", request.organization.slug, found.key)
    link, secret = setup_links.issue(request.membership, found.key)
    path = reverse("setup_link", args=[found.key, secret])
    context = {"provider": found, "link": link, "path": path, "address": settings.BASE_URL + path}
    return render(request, "integrations/setup_links/issued.html", context)


@require_POST
@requires(Role.ADMIN)
def revoke(request: MemberRequest, provider: str, uid: UUID) -> HttpResponse:
    found = shared_of(provider)
    link = get_object_or_404(queries.links(request.organization, found.key), uid=uid)
    if setup_links.revoke(link, by=request.user):
        messages.success(request, _("The link is revoked: nobody can use it any more."))
    else:
        messages.info(request, _("This link was not open any more."))
    return redirect("organization_provider", request.organization.slug, found.key)

"""Conferencing services: a person's accounts at providers, and his default."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import MemberRequest
from integrations import connections, defaults, panels, queries, registry
from integrations.models import Connection
from integrations.views import paths


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    return render(request, "integrations/conferencing/page.html", {"panel": panels.panel(request.membership)})


@require_GET
def add(request: MemberRequest) -> HttpResponse:
    """The choice of providers, each with what Bridge will be able to do and what it needs."""
    context = {"panel": panels.panel(request.membership), "back": paths.back(request)}
    return render(request, "integrations/conferencing/add.html", context)


@require_POST
def make_default(request: MemberRequest) -> HttpResponse:
    place = request.POST.get("place", "")
    try:
        defaults.make_default(request.membership, place, _named(request))
    except (defaults.NotConnected, registry.UnknownProvider):
        messages.error(request, _("This account is not connected any more, so it cannot be your default."))
        return redirect(paths.back(request))
    label = registry.provider(place).label
    messages.success(
        request, _("%(place)s is your default for new bookings. Those that exist stay as they are.") % {"place": label}
    )
    return redirect(paths.back(request))


@require_http_methods(["GET", "POST"])
def disconnect(request: MemberRequest, uid: UUID) -> HttpResponse:
    """First what would be affected; nothing happens before he confirms. Doing it twice is no error."""
    found = queries.connections_of(request.membership).filter(uid=uid).first()
    if request.method == "POST":
        return _disconnected(request, found)
    connection = get_object_or_404(queries.connections_of(request.membership), uid=uid)
    context = {
        "account": _account(request, connection),
        "uses": connections.uses_of(connection),
        "back": paths.back(request),
    }
    return render(request, "integrations/connections/disconnect.html", context)


def _disconnected(request: MemberRequest, connection: Connection | None) -> HttpResponse:
    if connection is None:
        messages.info(request, _("This account is not connected any more."))
        return redirect(paths.back(request))
    connections.disconnect(connection, by=request.user)
    text = _("%(email)s is disconnected. Meetings that exist, and their links, stay.")
    messages.success(request, text % {"email": connection.grant.email or _("The account")})
    return redirect(paths.back(request))


def _account(request: MemberRequest, connection: Connection) -> panels.Account:
    return panels.account(connection, defaults.default_of(request.membership))


def _named(request: MemberRequest) -> Connection | None:
    """The account of the form, his own or the organization's; any other, or no uid at all, is NotConnected."""
    wish = request.POST.get("account", "")
    if not wish:
        return None
    shared = queries.shared_with(request.organization.pk, request.user.pk)
    try:
        uid = UUID(wish)
    except ValueError as error:
        raise defaults.NotConnected(wish) from error
    found = queries.connections_of(request.membership).filter(uid=uid).first() or shared.filter(uid=uid).first()
    if found is None:
        raise defaults.NotConnected(wish)
    return found

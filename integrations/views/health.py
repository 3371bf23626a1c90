"""How a connection is, with proof: his own for each, the organization's for its admins."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import MemberRequest
from accounts.models import Role
from accounts.rate_limits import allows
from accounts.roles import requires
from integrations import health, health_panels, queries, registry
from integrations.models import Connection
from integrations.views.organization import provider_of


@require_GET
def page(request: MemberRequest, uid: UUID) -> HttpResponse:
    return _shown(request, _his(request, uid), "page")


@require_POST
def test(request: MemberRequest, uid: UUID) -> HttpResponse:
    _try(request, _his(request, uid))
    return redirect("connection", request.organization.slug, uid)


@require_GET
def reconnect(request: MemberRequest, uid: UUID) -> HttpResponse:
    """Where the mail leads: nothing happens before the button, so nobody can be sent through by a link."""
    return _shown(request, _his(request, uid), "reconnect")


@require_GET
@requires(Role.ADMIN)
def organization_page(request: MemberRequest, provider: str) -> HttpResponse:
    connection = _shared(request, provider)
    if connection is None:
        return redirect("organization_provider", request.organization.slug, provider)
    return _shown(request, connection, "page")


@require_POST
@requires(Role.ADMIN)
def organization_test(request: MemberRequest, provider: str) -> HttpResponse:
    connection = _shared(request, provider)
    if connection is not None:
        _try(request, connection)
    return redirect("organization_health", request.organization.slug, provider)


def _shown(request: MemberRequest, connection: Connection, page: str) -> HttpResponse:
    """In the reader's own time."""
    with timezone.override(request.user.time_zone):
        return render(
            request,
            f"integrations/health/{page}.html",
            {"health": health_panels.panel(connection, asked_by=request.user)},
        )


def _try(request: MemberRequest, connection: Connection) -> None:
    """One real call; its answer is one sentence."""
    if not connection.is_usable:
        messages.info(request, _("There is no access left to test. Reconnect the account first."))
    elif not allows(request, "connection_test"):
        messages.warning(request, _("That was often in a short time. Please try again in a minute."))
    else:
        _tell(request, connection, health.look(connection.grant))


def _tell(request: MemberRequest, connection: Connection, finding: health.Finding) -> None:
    if finding.problem:
        messages.error(request, finding.problem)
        return
    names = {"provider": registry.label(connection.grant.provider)}
    messages.success(request, _("Tested: %(provider)s answered just now.") % names)


def _his(request: MemberRequest, uid: UUID) -> Connection:
    return get_object_or_404(queries.connections_of(request.membership), uid=uid)


def _shared(request: MemberRequest, provider: str) -> Connection | None:
    found = provider_of(provider)
    return queries.shared_connections(request.organization).filter(grant__provider=found.key).first()

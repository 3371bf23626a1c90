"""The way to a provider and back. It starts by a link: the page's policy lets no form lead to another site."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.http import MemberRequest
from integrations import connections, defaults, oauth, outcomes, policies, queries, registry, vendor_apps
from integrations.exceptions import ProviderError
from integrations.models import AuthorizationRequest, Connection, Level, Purpose
from integrations.outcomes import Outcome
from integrations.providers.base import OAuthProvider
from integrations.types import AppKind
from integrations.views import hosted_returns, paths


@never_cache
@require_GET
def connect(request: MemberRequest, provider: str) -> HttpResponse:
    """To the provider's own sign-in and consent; Bridge never sees a password."""
    if registry.takes_passwords(provider):
        return redirect(f"{reverse('connect_password', args=[provider])}?{request.GET.urlencode()}")
    found = _provider(provider)
    if refusal := policies.refusal(request.membership, found):
        return _page(request, found, outcomes.not_wanted(found.label, refusal), back=paths.back(request))
    if not vendor_apps.app_for(request.organization, found, AppKind.PERSONAL).is_complete:
        return _page(request, found, outcomes.not_set_up(found.label), back=paths.back(request))
    address = oauth.start(
        found,
        request.membership,
        session_key=_session_key(request),
        return_to=paths.back(request),
        connection=_renewed(request),
    )
    return redirect(address)


@never_cache
@require_GET
def callback(request: MemberRequest, provider: str) -> HttpResponse:
    """Back from the provider: a connection and the page he came from, or cause and next step."""
    found = _provider(provider)
    try:
        asked = oauth.finish(
            request.GET.get("state", ""),
            provider=found,
            session_key=_session_key(request),
            user=request.user,
            level=Level.PERSONAL,
        )
    except oauth.StateRefused as refused:
        outcome = outcomes.not_ours(refused, found.label)
        return _page(request, found, outcome, back=paths.back(request), asked=refused.asked)
    return hosted_returns.stopped(request, asked) or _answered(request, found, asked)


def _answered(request: MemberRequest, provider: OAuthProvider, asked: AuthorizationRequest) -> HttpResponse:
    try:
        connection = _connected(request, provider, asked)
    except _Failed as failed:
        return _page(request, provider, failed.outcome, back=asked.return_to, asked=asked)
    if asked.hosted:
        return hosted_returns.connected(request, asked.hosted, provider)
    _tell(request, provider, asked, connection)
    return redirect(asked.return_to)


class _Failed(Exception):
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.title)
        self.outcome = outcome


def _connected(request: MemberRequest, provider: OAuthProvider, asked: AuthorizationRequest) -> Connection:
    """Raises _Failed; nothing is stored then."""
    error, code = request.GET.get("error", ""), request.GET.get("code", "")
    if error:
        raise _Failed(outcomes.refused(provider.label, error))
    if not code:
        raise _Failed(outcomes.no_code(provider.label))
    try:
        return connections.complete(asked, code=code)
    except oauth.StateRefused as refused:
        raise _Failed(outcomes.not_ours(refused, provider.label)) from refused
    except ProviderError as failure:
        raise _Failed(outcomes.failed(provider.label, failure)) from failure


def _tell(request: MemberRequest, provider: OAuthProvider, asked: AuthorizationRequest, made: Connection) -> None:
    names = {"provider": provider.label, "email": made.grant.email}
    if asked.purpose == Purpose.RECONNECT and asked.connection_id != made.pk:
        text = _("%(provider)s signed you in as %(email)s; the account you wanted to reconnect is as it was.")
        messages.warning(request, text % names)
        return
    messages.success(request, _("%(provider)s account %(email)s is connected.") % names)
    if not defaults.default_of(request.membership).chosen:
        text = _("Make it your default if new bookings shall take place there; until then Bridge’s own room is used.")
        messages.info(request, text)


def _page(
    request: MemberRequest,
    provider: OAuthProvider,
    outcome: Outcome,
    *,
    back: str,
    asked: AuthorizationRequest | None = None,
) -> HttpResponse:
    if asked is not None and asked.hosted is not None:
        return hosted_returns.failed(request, asked.hosted, provider, outcome)
    context = {"provider": provider, "outcome": outcome, "back": back}
    return render(request, "integrations/authorization/outcome.html", context, status=outcome.status)


def _renewed(request: MemberRequest) -> Connection | None:
    try:
        wish = UUID(request.GET.get("account", ""))
    except ValueError:
        return None
    return queries.connections_of(request.membership).filter(uid=wish).first()


def _provider(key: str) -> OAuthProvider:
    try:
        return registry.oauth(key)
    except registry.UnknownProvider as unknown:
        raise Http404 from unknown


def _session_key(request: MemberRequest) -> str:
    return str(request.session.session_key)

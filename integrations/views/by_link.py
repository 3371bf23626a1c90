"""The link that connects a provider for a whole organization: made by an admin, followed by whoever has it.

Whoever follows it needs no account here. He sees who asks and for what, and starts his own authorization from that
page: a link to the start that he has not been shown by us in this very browser leads back to the page.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.http import require_GET

from accounts.discreet import discreet
from accounts.http import VisitorRequest
from accounts.rate_limits import allows
from integrations import arrivals, link_outcomes, oauth, setup_links, vendor_apps
from integrations.exceptions import ProviderError
from integrations.models import AuthorizationRequest, Level, SetupLink
from integrations.outcomes import Outcome
from integrations.providers.base import OAuthProvider
from integrations.types import AppKind
from integrations.views.organization import shared_of


@require_GET
@discreet
def invitation(request: VisitorRequest, provider: str, secret: str) -> HttpResponse:
    """Who asks, for what, and which kind of person is needed; nothing happens by looking."""
    found = shared_of(provider)
    try:
        link = setup_links.follow(found.key, secret)
    except (setup_links.Unknown, setup_links.Closed) as refusal:
        return _refused(request, refusal)
    app = vendor_apps.app_for(link.organization, found, AppKind.ORGANIZATION)
    context = {
        "provider": found,
        "link": link,
        "secret": secret,
        "seen": _seen(request, link),
        "scopes": found.scopes(AppKind.ORGANIZATION),
        "is_set_up": app.is_complete,
    }
    return render(request, "integrations/setup_links/invitation.html", context)


@require_GET
@discreet
def start(request: VisitorRequest, provider: str, secret: str) -> HttpResponse:
    """To the provider's own sign-in, for who has seen in this browser what he is asked for.

    Otherwise anybody could send an admin through his consent, which providers do not ask for twice.
    """
    found = shared_of(provider)
    try:
        link = setup_links.follow(found.key, secret)
    except (setup_links.Unknown, setup_links.Closed) as refusal:
        return _refused(request, refusal)
    if not constant_time_compare(request.GET.get("seen", ""), _seen(request, link)):
        return redirect("setup_link", found.key, secret)
    if not vendor_apps.app_for(link.organization, found, AppKind.ORGANIZATION).is_complete:
        return _page(request, link_outcomes.not_set_up(found.label))
    setup_links.note_followed(link)
    return redirect(oauth.start_by_link(found, link, session_key=_session_key(request), return_to="/"))


@require_GET
@discreet
def callback(request: VisitorRequest, provider: str) -> HttpResponse:
    """Back from the provider: thanks, or cause and next step."""
    found = shared_of(provider)
    try:
        asked = oauth.finish(
            request.GET.get("state", ""),
            provider=found,
            session_key=_session_key(request),
            level=Level.ORGANIZATION,
        )
    except oauth.StateRefused as refused:
        return _page(request, link_outcomes.not_ours(refused, found.label))
    return _answered(request, found, asked)


def _answered(request: VisitorRequest, provider: OAuthProvider, asked: AuthorizationRequest) -> HttpResponse:
    error, code = request.GET.get("error", ""), request.GET.get("code", "")
    if error:
        return _page(request, link_outcomes.refused(provider.label, error))
    if not code:
        return _page(request, link_outcomes.no_code(provider.label))
    try:
        renewed = arrivals.complete(asked, code=code)
    except setup_links.Closed:
        return _page(request, link_outcomes.closed())
    except oauth.StateRefused as refused:
        return _page(request, link_outcomes.not_ours(refused, provider.label))
    except ProviderError as failure:
        return _page(request, link_outcomes.failed(provider.label, failure))
    context = {"provider": provider, "link": asked.link, "renewed": renewed, "leads_on": _is_his(request, asked)}
    return render(request, "integrations/setup_links/thanks.html", context)


def _refused(request: VisitorRequest, refusal: Exception) -> HttpResponse:
    if isinstance(refusal, setup_links.Closed):
        return _page(request, link_outcomes.closed())
    if not allows(request, "setup_link"):
        return _page(request, link_outcomes.too_many())
    return _page(request, link_outcomes.unknown())


def _page(request: VisitorRequest, outcome: Outcome) -> HttpResponse:
    return render(request, "integrations/setup_links/outcome.html", {"outcome": outcome}, status=outcome.status)


def _is_his(request: VisitorRequest, asked: AuthorizationRequest) -> bool:
    """Who follows the link himself is led to where he confirms."""
    assert asked.link is not None
    member = request.user.is_authenticated and asked.link.issued_by.user == request.user
    return bool(member)


def _seen(request: VisitorRequest, link: SetupLink) -> str:
    """What only this browser is shown for this link."""
    return salted_hmac(
        "integrations.setup_link.seen", f"{_session_key(request)}/{link.uid}", algorithm="sha256"
    ).hexdigest()


def _session_key(request: VisitorRequest) -> str:
    """A stranger's session begins here."""
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)

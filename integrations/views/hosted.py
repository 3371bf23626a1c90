"""The pages that somebody sees whom an application has sent here to choose a conferencing service.

All that leads on or back is a link: the page's policy lets no form lead to another site. Nobody else can know these
addresses, and they open in the browser alone that the application has sent.
"""

from http import HTTPStatus
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import organizations
from accounts import queries as people
from accounts.discreet import discreet
from accounts.http import VisitorRequest
from accounts.models import Membership, User
from accounts.rate_limits import allows
from integrations import hosted, hosted_panels, oauth, outcomes, policies, queries, registry, vendor_apps
from integrations.forms.hosted import HostedForm
from integrations.hosted_results import Result
from integrations.models import Connection, HostedRequest
from integrations.providers.base import OAuthProvider
from integrations.types import AppKind
from integrations.views import hosted_returns
from integrations.views.hosted_steps import step, step_of_his


@require_GET
@discreet
def begin(request: VisitorRequest) -> HttpResponse:
    """The one address that applications know. What they ask wrongly is said here; nobody is sent to an address that is
    not theirs.
    """
    if not allows(request, "hosted"):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    form = HostedForm(request.GET)
    if not form.is_valid():
        context = {"form": form}
        return render(request, "integrations/hosted/refused.html", context, status=HTTPStatus.BAD_REQUEST)
    asked = form.cleaned_data
    sent = hosted.begin(
        asked["client_id"],
        redirect_uri=asked["redirect_uri"],
        state=asked["state"],
        provider=asked["provider"],
        session=request.session,
    )
    return redirect("hosted", sent.uid)


@require_GET
@step
def page(request: VisitorRequest, sent: HostedRequest) -> HttpResponse:
    """Who asks for what; then what he can choose from."""
    hosted.require_open(sent)
    if not isinstance(request.user, User):
        return render(request, "integrations/hosted/welcome.html", {"sent": sent, "here": request.path})
    hosted.claim(sent, request.user)
    if barrier := hosted.barrier(sent):
        context = {"sent": sent, "choices": hosted.choices(sent), "needs_factor": barrier != Result.NOT_ALLOWED}
        return render(request, "integrations/hosted/barred.html", context, status=HTTPStatus.FORBIDDEN)
    context = {
        "sent": sent,
        "services": hosted_panels.services(sent),
        "unfolded": "others" in request.GET,
        "choices": hosted.choices(sent),
        "consent": hosted.consent_of(sent),
        "is_foreign": hosted.is_foreign(sent),
    }
    return render(request, "integrations/hosted/page.html", context)


@require_POST
@step
def organization(request: VisitorRequest, sent: HostedRequest) -> HttpResponse:
    hosted.require_open(sent)
    if isinstance(request.user, User):
        hosted.claim(sent, request.user)
        hosted.choose(sent, _chosen(request, request.user))
    return redirect("hosted", sent.uid)


@require_GET
@step
@step_of_his
def connect(request: VisitorRequest, sent: HostedRequest, provider: str) -> HttpResponse:
    """To the provider's own sign-in; from there he comes back to authorization.callback."""
    found, membership = _provider(provider), _membership(sent)
    if refusal := policies.refusal(membership, found):
        return hosted_returns.failed(request, sent, found, outcomes.not_wanted(found.label, refusal))
    if not vendor_apps.app_for(membership.organization, found, AppKind.PERSONAL).is_complete:
        return hosted_returns.failed(request, sent, found, outcomes.not_set_up(found.label))
    hosted.note(sent, None)
    organizations.remember(membership)
    address = oauth.start(
        found,
        membership,
        session_key=str(request.session.session_key),
        return_to=request.path,
        connection=_renewed(request, membership),
        hosted=sent,
    )
    return redirect(address)


@require_GET
@step
@step_of_his
def use(request: VisitorRequest, sent: HostedRequest, service: str) -> HttpResponse:
    """What he has connected already, or his organization has; or our own room."""
    found = hosted_panels.choice(sent, service)
    if found is None:
        raise Http404
    if found.refusal or not found.works:
        messages.warning(request, _("%(service)s does not work at the moment.") % {"service": found.provider.label})
        return redirect("hosted", sent.uid)
    return hosted_returns.away(hosted.answer(sent, Result.ALREADY_CONNECTED, service=service))


@require_GET
@step
def leave(request: VisitorRequest, sent: HostedRequest) -> HttpResponse:
    return hosted_returns.away(hosted.give_up(sent))


@require_POST
@step
def sign_out(request: VisitorRequest, sent: HostedRequest) -> HttpResponse:
    """He is somebody else, and goes on from here."""
    get_adapter().logout(request)
    hosted.hand_over(sent, request.session)
    return redirect("hosted", sent.uid)


def _chosen(request: VisitorRequest, user: User) -> Membership:
    his = {membership.organization.slug: membership for membership in people.memberships(user)}
    if (wish := request.POST.get("membership", "")) not in his:
        raise Http404
    return his[wish]


def _membership(sent: HostedRequest) -> Membership:
    assert sent.membership is not None
    return sent.membership


def _provider(key: str) -> OAuthProvider:
    """One that can hold meetings."""
    try:
        found = registry.oauth(key)
    except registry.UnknownProvider as unknown:
        raise Http404 from unknown
    if found.conferencing is None:
        raise Http404
    return found


def _renewed(request: VisitorRequest, membership: Membership) -> Connection | None:
    try:
        wish = UUID(request.GET.get("account", ""))
    except ValueError:
        return None
    return queries.connections_of(membership).filter(uid=wish).first()

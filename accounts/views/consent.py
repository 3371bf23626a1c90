"""The page where somebody lets an application act for him, or does not."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import authorization_requests, consents
from accounts.authorization_requests import Asked
from accounts.forms.consent import ConsentForm
from accounts.http import MemberRequest, posted
from accounts.models import Application, Consent, Membership

_ENTRANCE = "accounts/applications/authorize.html"


@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: MemberRequest) -> HttpResponse:
    """Always asks, also for what was allowed before: it is calm, and nobody is sent on unseen."""
    try:
        asked = authorization_requests.read(request)
    except authorization_requests.Unfit as unfit:
        return _unfit(request, unfit.application)
    except authorization_requests.Refused as refused:
        return _away(refused.url)
    return _answer(request, asked)


def _answer(request: MemberRequest, asked: Asked) -> HttpResponse:
    if "refuse" in request.POST:
        return _away(authorization_requests.denied(asked))
    former = consents.of(request.user).filter(application=asked.application).first()
    form = ConsentForm(posted(request), asked=asked, user=request.user, here=request.membership, former=former)
    if form.is_valid():
        try:
            return _away(_allowed(request, asked, **form.cleaned_data))
        except consents.NotHere:
            form.add_error("membership", _("It cannot act there any more. Nothing was allowed; please choose again."))
    return _page(request, asked, form, former)


@transaction.atomic
def _allowed(request: MemberRequest, asked: Asked, *, membership: Membership, scopes: list[str]) -> str:
    """The consent and its code at once: whoever chooses another organization meanwhile ends both."""
    consents.allow(asked.application, membership, scopes)
    return authorization_requests.allowed(request, asked, by=request.user, scopes=scopes)


def _page(request: MemberRequest, asked: Asked, form: ConsentForm, former: Consent | None) -> HttpResponse:
    context = {
        "asked": asked,
        "application": asked.application,
        "form": form,
        "former": former,
        "is_foreign": asked.application.organization_id not in form.known,
        "here": request.get_full_path(),
    }
    response = render(request, _ENTRANCE, context, status=422 if form.errors else 200)
    # Chromium does not follow a form's answer to where form-action does not allow it.
    response._csp_update = {"form-action": [asked.origin]}  # type: ignore[attr-defined]
    return response


def _unfit(request: MemberRequest, application: Application | None) -> HttpResponse:
    """Nobody is sent anywhere: it is not certain who asked."""
    state = application.state if application and not application.is_active else ""
    context = {"application": application, "state": state}
    return render(request, "accounts/applications/unfit.html", context, status=400)


def _away(url: str) -> HttpResponse:
    """Long answers too: some applications keep all they know in `state`."""
    return HttpResponse(status=302, headers={"Location": iri_to_uri(url)})

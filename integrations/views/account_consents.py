"""Consent for everybody in a provider's account: to its admin's page there, and back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires
from integrations import account_consents, vendor_apps
from integrations.exceptions import RequestRejected
from integrations.types import AppKind
from integrations.views.organization import provider_of


@never_cache
@require_GET
@requires(Role.ADMIN)
def start(request: MemberRequest, provider: str) -> HttpResponse:
    found = provider_of(provider)
    app = vendor_apps.app_for(request.organization, found, AppKind.PERSONAL)
    if account_consents.facet(found) is None or not app.is_complete:
        text = _("%(provider)s knows no consent for everybody, or is not set up on this Bridge.")
        messages.error(request, text % {"provider": found.label})
        return redirect("calendar_policy", request.organization.slug)
    return redirect(account_consents.start(request.organization, found, session=request.session))


@never_cache
@require_GET
def callback(request: MemberRequest, provider: str) -> HttpResponse:
    """The provider knows no organization of ours: it must be the one that was begun with, and he still its admin."""
    found = provider_of(provider)
    try:
        panel = account_consents.finish(request.membership, found, request.GET.dict(), session=request.session)
    except account_consents.NotOurs:
        messages.error(request, _("This answer does not belong to anything that was started in this browser lately."))
        return redirect("home")
    except RequestRejected as rejected:
        messages.error(request, f"{rejected.sentence} {_('Nothing was changed.')}")
        return redirect("calendar_policy", request.organization.slug)
    if panel.problem:
        messages.warning(request, panel.problem)
    else:
        messages.success(request, _("Consent is given for everybody, and matches what you decided here."))
    return redirect("calendar_policy", request.organization.slug)

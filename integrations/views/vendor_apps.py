"""An organization's own apps at a provider: what to copy, what to type, and what is still missing."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires
from integrations import oauth, own_apps, registry, vendor_app_checks, vendor_app_panels, vendor_apps
from integrations.exceptions import ProviderError
from integrations.forms.vendor_apps import VendorAppForm
from integrations.models import VendorApp
from integrations.providers.base import OAuthProvider
from integrations.types import APP_KINDS, AppKind
from integrations.vendor_app_checks import Finding


@require_GET
@requires(Role.ADMIN)
def page(request: MemberRequest, provider: str) -> HttpResponse:
    """Which app is in force for each kind: own, the installation's, or none."""
    found = _provider(provider)
    context = {"provider": found, "cards": vendor_app_panels.cards(request.organization, found)}
    return render(request, "integrations/apps/page.html", context)


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def edit(request: MemberRequest, provider: str, kind: str) -> HttpResponse:
    found, which = _provider(provider), _kind(kind)
    kept = vendor_apps.own(request.organization, found.key).get(which)
    form = VendorAppForm(request.POST or None, organization=request.organization, kept=kept, kind=which)
    if request.method == "POST" and form.is_valid():
        return _checked(request, found, form)
    return _form(request, found, form)


@require_POST
@requires(Role.ADMIN)
def check(request: MemberRequest, provider: str, kind: str) -> HttpResponse:
    """Once more, without typing anything."""
    own = _own(request, provider, kind)
    own_apps.note_check(own, finding := vendor_app_checks.check(own.app))
    _tell(request, finding)
    return redirect("vendor_app", request.organization.slug, provider, kind)


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def remove(request: MemberRequest, provider: str, kind: str) -> HttpResponse:
    """First what hangs on it."""
    own = _own(request, provider, kind)
    if request.method == "POST":
        own_apps.remove(own, by=request.user)
        messages.success(request, _("The app is removed. Meetings that exist, and their links, stay."))
        return redirect("vendor_apps", request.organization.slug, provider)
    context = {"provider": _provider(provider), "own": own, "dependents": own_apps.dependents(own)}
    return render(request, "integrations/apps/remove.html", context)


def _checked(request: MemberRequest, provider: OAuthProvider, form: VendorAppForm) -> HttpResponse:
    """What the provider refuses is not kept over what works; what nobody could check is kept, and said so."""
    app = form.app(provider.key)
    finding = vendor_app_checks.check(app)
    if finding and finding.certain:
        form.add_error(finding.field if finding.field in form.fields else None, finding.sentence)
        return _form(request, provider, form)
    try:
        own_apps.keep(request.organization, app, by=request.user, problem=finding.sentence if finding else "")
    except own_apps.StillUsed:
        form.add_error("client_id", _("Accounts are connected by the present app. Remove it first, then add this one."))
        return _form(request, provider, form)
    return _kept(request, provider, form.kind, finding)


def _kept(request: MemberRequest, provider: OAuthProvider, kind: AppKind, finding: Finding | None) -> HttpResponse:
    _tell(request, finding)
    if kind == AppKind.SERVER and finding is None:
        return _connected(request, provider)
    return redirect("vendor_app", request.organization.slug, provider.key, kind.value)


def _connected(request: MemberRequest, provider: OAuthProvider) -> HttpResponse:
    """Credentials alone need nobody's word: the organization is connected with them at once."""
    own = vendor_apps.own(request.organization, provider.key)[AppKind.SERVER]
    try:
        own_apps.connect(own, by=request.user)
    except ProviderError as error:
        messages.error(request, _("It is saved but not connected yet: %(why)s") % {"why": error.sentence})
        return redirect("vendor_app", request.organization.slug, provider.key, AppKind.SERVER.value)
    names = {"provider": provider.label}
    messages.success(request, _("%(provider)s is connected for your organization.") % names)
    return redirect("organization_provider", request.organization.slug, provider.key)


def _tell(request: MemberRequest, finding: Finding | None) -> None:
    if finding is None:
        messages.success(request, _("Checked: nothing is missing."))
    elif finding.certain:
        messages.error(request, finding.sentence)
    else:
        messages.warning(request, finding.sentence)


def _form(request: MemberRequest, provider: OAuthProvider, form: VendorAppForm) -> HttpResponse:
    key = own_apps.address_key(request.organization, provider.key, form.kind)
    context = {
        "provider": provider,
        "kind": form.kind,
        "form": form,
        "own": form.kept,
        "title": vendor_app_panels.title(form.kind),
        "scopes": provider.scopes(form.kind),
        "redirect_uri": "" if form.kind == AppKind.SERVER else oauth.redirect_uri(provider, form.kind),
        "webhook_url": settings.BASE_URL + reverse("webhook", args=[provider.key, key]),
        "steps": f"integrations/{provider.key}/_app_{form.kind}.html",
    }
    return render(request, "integrations/apps/form.html", context, status=422 if form.errors else 200)


def _own(request: MemberRequest, provider: str, kind: str) -> VendorApp:
    mine = VendorApp.objects.filter(organization=request.organization, provider=_provider(provider).key)
    return get_object_or_404(mine, kind=_kind(kind))


def _provider(key: str) -> OAuthProvider:
    try:
        return registry.oauth(key)
    except registry.UnknownProvider as unknown:
        raise Http404 from unknown


def _kind(kind: str) -> AppKind:
    if kind not in APP_KINDS:
        raise Http404
    return AppKind(kind)

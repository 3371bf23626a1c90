"""Applications registered in the organization: by members, and kept by them and its admins."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import applications
from accounts.forms.applications import ChangeForm, RegistrationForm, RulesForm
from accounts.http import MemberRequest, posted
from accounts.models import Application, Organization
from accounts.rate_limits import allows


@require_GET
def page(request: MemberRequest) -> HttpResponse:
    """Those he may manage; for admins also what acts here, and the rules."""
    context = {
        "applications": applications.manageable(request.membership).defer("logo"),
        "may_register": applications.may_register(request.membership),
    }
    if request.membership.is_admin:
        context["acting"] = applications.acting_in(request.organization)
        context["rules"] = RulesForm(initial=_rules(request.organization))
    return render(request, "accounts/applications/page.html", context)


@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    if not applications.may_register(request.membership):
        raise PermissionDenied
    form = RegistrationForm(posted(request), request.FILES or None)
    if form.is_valid() and not allows(request, "application"):
        form.add_error(None, _("These were several in a short time. Please go on in an hour."))
    if not form.is_valid():
        context = {"form": form, "waits": applications.would_wait(request.membership)}
        return render(request, "accounts/applications/new.html", context, status=422 if form.errors else 200)
    uid, confidential = form.cleaned_data["submission"], form.is_confidential
    try:
        made, secret = applications.register(request.membership, form.details, confidential=confidential, uid=uid)
    except applications.RegisteredBefore:
        messages.info(request, _("It was registered already. Its secret was shown then; you can renew it here."))
        return redirect("application", request.organization.slug, uid)
    return render(request, "accounts/applications/secret.html", {"application": made, "secret": secret, "is_new": True})


@require_http_methods(["GET", "POST"])
def application(request: MemberRequest, uid: UUID) -> HttpResponse:
    shown = found(request, uid)
    form = ChangeForm(posted(request), request.FILES or None, application=shown)
    if form.is_valid():
        applications.change(shown, form.details, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(shown)
    context = {"application": shown, "form": form, "people": shown.consents.count()}
    return render(request, "accounts/applications/application.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_variables("secret")
@require_POST
def secret(request: MemberRequest, uid: UUID) -> HttpResponse:
    """A new one, shown once."""
    shown = found(request, uid)
    if not shown.is_confidential:
        messages.info(request, _("It has no secret: it runs where none can be kept."))
        return redirect(shown)
    made = applications.renew_secret(shown, by=request.user)
    return render(request, "accounts/applications/secret.html", {"application": shown, "secret": made})


@require_POST
def former_secret(request: MemberRequest, uid: UUID) -> HttpResponse:
    shown = found(request, uid)
    applications.end_former_secret(shown, by=request.user)
    messages.success(request, _("The old secret works no more."))
    return redirect(shown)


@require_http_methods(["GET", "POST"])
def delete(request: MemberRequest, uid: UUID) -> HttpResponse:
    """First what ends."""
    shown = found(request, uid)
    if request.method == "POST":
        applications.delete(shown, by=request.user)
        messages.success(request, _("%(name)s is deleted. Meetings it has made stay.") % {"name": shown.name})
        return redirect("applications", request.organization.slug)
    context = {"application": shown, "people": shown.consents.count()}
    return render(request, "accounts/applications/delete.html", context)


@cache_control(private=True, max_age=86_400)
@require_GET
def logo(request: MemberRequest, uid: UUID) -> HttpResponse:
    """For everybody who is signed in: whoever is asked for consent sees it. Its address changes with it."""
    shown = get_object_or_404(Application.objects.exclude(logo_type=""), uid=uid)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
    response = HttpResponse(bytes(shown.logo), content_type=shown.logo_type, headers=headers)
    response._csp_replace = {"default-src": ["'none'"], "sandbox": [""]}  # type: ignore[attr-defined]
    return response


def found(request: MemberRequest, uid: UUID) -> Application:
    return get_object_or_404(applications.manageable(request.membership), uid=uid)


def _rules(organization: Organization) -> dict[str, object]:
    return {"registration": organization.registration, "outside": organization.outside_applications}

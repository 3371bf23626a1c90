"""Calendar and contacts, as an organization's admins decide about them. Nothing is saved before it was shown whom it
concerns.
"""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.http import MemberRequest
from accounts.models import Role
from accounts.roles import requires
from integrations import account_consents, impacts, policies, policy_changes, policy_panels
from integrations.forms.policy import PolicyForm
from integrations.models import CalendarPolicy

OURS = ("csrfmiddlewaretoken", "seen")


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def page(request: MemberRequest) -> HttpResponse:
    policy = policies.of(request.organization)
    form = PolicyForm(request.POST if request.method == "POST" else None, policy=policy)
    if request.method == "POST" and form.is_valid():
        return decided(request, form.wanted(), _("Saved."))
    context = {
        "form": form,
        "policy": policy,
        "summary": policy_panels.summary(policy),
        "services": [(service, form.address_of(service.key)) for service in policy_panels.services(policy)],
        "unavailable": policy_panels.words("unavailable"),
        "passwords": policy_panels.words("no_passwords"),
        "consents": account_consents.panels(policy),
        "switch": impacts.of(_switched(policy, not policy.enabled)),
        "switch_on": not policy.enabled,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "integrations/policy/page.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def switch(request: MemberRequest) -> HttpResponse:
    """On or off, for everybody; the page that asks is the dialog of those without scripts."""
    policy = policies.of(request.organization)
    on = request.POST.get("on") == "yes" if request.method == "POST" else not policy.enabled
    wanted = _switched(policy, on)
    if request.method == "POST":
        words = _("Calendars and contacts are switched on.") if on else _("Calendars and contacts are switched off.")
        return decided(request, wanted, words)
    return _asked(request, wanted)


def _switched(policy: CalendarPolicy, on: bool) -> CalendarPolicy:
    """Another object, so that what is shown as it is stays so."""
    found = CalendarPolicy.objects.filter(pk=policy.pk).select_related("organization").first()
    wanted = found or CalendarPolicy(organization=policy.organization)
    wanted.enabled = on
    return wanted


def decided(request: MemberRequest, wanted: CalendarPolicy, words: str) -> HttpResponse:
    """Asked first, saved once he has seen whom it concerns."""
    seen = request.POST.get("seen", "")
    if not seen:
        return _asked(request, wanted)
    try:
        impact = policy_changes.save(wanted, by=request.user, seen=seen)
    except policy_changes.Outdated:
        return _asked(request, wanted, outdated=True)
    messages.success(request, f"{words} {_told(impact)}")
    return redirect("calendar_policy", request.organization.slug)


def _asked(request: MemberRequest, wanted: CalendarPolicy, *, outdated: bool = False) -> HttpResponse:
    before = policies.of(wanted.organization)
    context = {
        "wanted": wanted,
        "before": before,
        "summary": policy_panels.summary(wanted),
        "impact": impacts.of(wanted),
        "outdated": outdated,
        "is_switch": before.enabled != wanted.enabled,
        "locks": wanted.is_locked and not before.is_locked,
        "typed": [(name, value) for name, value in request.POST.items() if name not in OURS],
    }
    return render(request, "integrations/policy/confirm.html", context)


def _told(impact: impacts.Impact) -> str:
    number = len({one.membership.pk for one in impact.endings} | {one.pk for one in impact.asked})
    if not number:
        return _("Nobody had to be told.")
    words = ngettext("%(number)s member was told by mail.", "%(number)s members were told by mail.", number)
    return words % {"number": number}

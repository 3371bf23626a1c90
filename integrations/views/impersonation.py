"""The account that opens every member's mailbox: its form, shown again without its password."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.http import MemberRequest
from accounts.models import Role
from accounts.rate_limits import allows
from accounts.roles import requires
from integrations import impersonators, policies, policy_panels, registry
from integrations.exceptions import AuthorizationLost, ProviderError
from integrations.forms.passwords import ImpersonationForm
from integrations.models import CalendarPolicy
from integrations.providers.base import PasswordProvider
from integrations.views.policy import decided


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@requires(Role.ADMIN)
def page(request: MemberRequest) -> HttpResponse:
    provider, policy = _provider(request), policies.of(request.organization)
    if request.method == "POST" and policy.impersonator and not request.POST.get("on"):
        words = _("Members sign in to their mailboxes themselves now.")
        return decided(request, impersonators.without(policy), words)
    form = ImpersonationForm(request.POST or None, provider=provider, initial=_initial(policy, provider))
    if request.method == "POST" and form.is_valid() and _is_kept(request, provider, form):
        return redirect("calendar_policy", request.organization.slug)
    context = {"form": form, "provider": provider, "impersonation": policy_panels.impersonation(policy)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "integrations/policy/impersonation.html", context, status=status)


def _is_kept(request: MemberRequest, provider: PasswordProvider, form: ImpersonationForm) -> bool:
    if not form.cleaned_data["on"]:
        form.add_error("on", _("Tick this to use one account for everybody."))
    elif not allows(request, "connect_password"):
        form.add_error(None, _("That was often in a short time. Please try again in a minute."))
    else:
        _try(request, provider, form)
    return form.is_valid()


def _try(request: MemberRequest, provider: PasswordProvider, form: ImpersonationForm) -> None:
    """What the server refuses is not kept; whether it opens mailboxes is tried with the admin's own."""
    try:
        connection = impersonators.set_up(request.organization, provider, form.login(), by=request.user)
    except AuthorizationLost:
        words = _("%(provider)s does not accept this account and password. Nothing was kept.")
        form.add_error("password", words % {"provider": provider.label})
        return
    except ProviderError as error:
        form.add_error("address", error.sentence)
        return
    if trouble := impersonators.trouble(connection, request.user.email):
        text = _("Saved, but %(email)s’s mailbox could not be opened: %(why)s")
        messages.warning(request, text % {"email": request.user.email, "why": trouble})
    else:
        messages.success(request, _("Saved. It was tried with your own mailbox, and works."))


def _initial(policy: CalendarPolicy, provider: PasswordProvider) -> dict[str, object]:
    known = policy.impersonator if policy.impersonator and policy.impersonator.grant.provider == provider.key else None
    return {
        "address": known.grant.api_url if known else policy.ews_url if policy.service == provider.key else "",
        "on": known is not None,
        "username": known.grant.account_id if known else "",
        "version": known.grant.version if known else "",
    }


def _provider(request: MemberRequest) -> PasswordProvider:
    """One whose server an organization may name."""
    wish = request.GET.get("service", "")
    found = [known for known in registry.with_servers() if wish in ("", known.key)]
    if not found:
        raise Http404
    return found[0]

"""A member's account by name and password, where a service has no sign-in of its own; his mailbox without either."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import MemberRequest
from accounts.rate_limits import allows
from integrations import (
    mailboxes,
    password_connections,
    policies,
    policy_panels,
    queries,
    registry,
)
from integrations.exceptions import AuthorizationLost, ProviderError
from integrations.forms.passwords import PasswordForm
from integrations.models import Connection
from integrations.providers.base import PasswordProvider
from integrations.views import paths


@require_GET
def add(request: MemberRequest) -> HttpResponse:
    """The services of calendars, the one that the organization suggests first."""
    choices = policy_panels.choices(request.membership)
    refused = [choice for choice in choices if choice.refusal]
    context = {"choices": choices, "refused": refused, "back": paths.back(request, "calendars")}
    return render(request, "integrations/policy/add.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def connect(request: MemberRequest, provider: str) -> HttpResponse:
    try:
        found = registry.password(provider)
    except registry.UnknownProvider:
        return _elsewhere(request, provider)
    if refusal := policies.refusal(request.membership, found) or _only_mailbox(found):
        return _page(request, found, None, refusal)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid() and (connection := _connected(request, found, form)):
        names = {"provider": found.label, "email": connection.account}
        messages.success(request, _("%(provider)s account %(email)s is connected.") % names)
        return redirect(paths.back(request, "calendars"))
    return _page(request, found, form)


@require_POST
def mailbox(request: MemberRequest, provider: str) -> HttpResponse:
    """By the account that opens everybody's: nothing to type."""
    try:
        mailboxes.connect(request.membership)
    except ProviderError as error:
        messages.error(request, error.sentence)
        return redirect("add_calendar")
    messages.success(request, _("Your mailbox is connected."))
    return redirect(paths.back(request, "calendars"))


def _only_mailbox(provider: PasswordProvider) -> str:
    return _("You need no password there: use your mailbox.") if provider.for_everybody else ""


def _connected(request: MemberRequest, provider: PasswordProvider, form: PasswordForm) -> Connection | None:
    """Nothing is kept unless the service has let us in; what it says stands at the field it is about."""
    if not allows(request, "connect_password"):
        form.add_error(None, _("That was often in a short time. Please try again in a minute."))
        return None
    try:
        return password_connections.connect(request.membership, provider, form.login(), renewed=_renewed(request))
    except AuthorizationLost:
        words = _(
            "%(provider)s does not accept this name and password. Check both; some services want an app password."
        )
        form.add_error("password", words % {"provider": provider.label})
    except policies.Refused as refused:
        form.add_error(None, refused.sentence)
    except ProviderError as error:
        form.add_error("address" if "address" in form.fields else None, error.sentence)
    return None


def _form(request: MemberRequest, provider: PasswordProvider) -> PasswordForm:
    policy, renewed = policies.of(request.organization), _renewed(request)
    names_server = provider in registry.with_servers() and policy.service in ("", provider.key)
    known = provider.address or (policy.ews_url if names_server else "")
    before = renewed.grant if renewed else None
    initial = {"username": before.account_id, "address": before.api_url, "version": before.version} if before else {}
    version = policy.ews_version if names_server and policy.ews_url else ""
    data = request.POST if request.method == "POST" else None
    return PasswordForm(data, provider=provider, known=known, version=version, initial=initial)


def _page(
    request: MemberRequest, provider: PasswordProvider, form: PasswordForm | None, refusal: str = ""
) -> HttpResponse:
    status = HTTPStatus.FORBIDDEN if refusal else HTTPStatus.OK
    context = {
        "provider": provider,
        "form": form,
        "refusal": refusal,
        "back": paths.back(request, "calendars"),
        "account": request.GET.get("account", ""),
    }
    if form and form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "integrations/policy/password.html", context, status=status)


def _elsewhere(request: MemberRequest, provider: str) -> HttpResponse:
    """One that people sign in at."""
    try:
        registry.oauth(provider)
    except registry.UnknownProvider as unknown:
        raise Http404 from unknown
    return redirect("connect", provider)


def _renewed(request: MemberRequest) -> Connection | None:
    try:
        wish = UUID(request.GET.get("account", ""))
    except ValueError:
        return None
    found = queries.connections_of(request.membership).filter(uid=wish, grant__kind="password")
    return found.select_related("grant").first()

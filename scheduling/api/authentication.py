"""Which caller may use a route: `auth=needs(Scope.EVENTS_READ)`. Views then find him as `request.auth`."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security.base import AuthBase

from accounts import callers, rate_limits
from accounts.callers import Caller
from accounts.models import Membership
from accounts.scopes import Scope
from scheduling.api import quotas
from scheduling.api.problems import Problem
from scheduling.models import AskedBefore

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Bridge"'}


class ApiRequest(HttpRequest):
    """submission_key: for the row that a POST makes, the same when it is sent again (idempotency.py)."""

    auth: Caller
    asked: AskedBefore
    submission_key: UUID | None


class needs(AuthBase):  # noqa: N801  # read at a route as a word
    """A caller with this scope; `None`: any that acts for somebody."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: Scope | None) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        caller = _caller(request)
        _count(request, caller)
        if self.scope is not None and not caller.may(self.scope):
            detail = _("The scope %(scope)s was not consented to.") % {"scope": self.scope.value}
            headers = {"WWW-Authenticate": f'Bearer realm="Bridge", error="insufficient_scope", scope="{self.scope}"'}
            raise Problem("missing_scope", detail, headers=headers)
        return caller


def member(request: ApiRequest) -> Membership:
    """For whom the caller acts. Applications acting for themselves have no business here."""
    if request.auth.membership is None:
        raise Problem("forbidden", _("This needs a token of a person, not of the application itself."))
    return request.auth.membership


def _caller(request: HttpRequest) -> Caller:
    try:
        return callers.of(request)
    except callers.Unknown:
        raise _refusal(request, Problem("unauthorized", headers=CHALLENGE)) from None
    except callers.Barred:
        raise _refusal(request, Problem("second_factor_required")) from None


def _refusal(request: HttpRequest, problem: Problem) -> Problem:
    """Whoever is refused is counted by his address."""
    if rate_limits.allows(request, "api_refused"):
        return problem
    return Problem("rate_limited", headers={"Retry-After": str(quotas.MINUTE)})


def _count(request: HttpRequest, caller: Caller) -> None:
    spent = quotas.spend(caller.name)
    request.spent = spent  # type: ignore[attr-defined]  # the door tells it
    if spent.is_over:
        raise Problem("rate_limited", headers={"Retry-After": str(spent.reset)})

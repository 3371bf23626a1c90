from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts import organizations, queries, second_factors
from accounts.models import Membership, User

_ACCOUNT = {"profile", "custom_url", "custom_url_check", "organizations", "invitation_accept", "session_end"}
_OF_APPLICATIONS = {"oauth_authorize", "application_logo", "connected_applications", "consent_end"}
OPEN = {*_ACCOUNT, *_OF_APPLICATIONS, "organization_switch", "leave"}
"""Open to members who lack the second factor that their organization asks for; besides, all that allauth serves.

The page of consent asks for it itself: by the organization that is chosen there.
"""


class OrganizationMiddleware:
    """Turns the <organization> of a URL into request.organization and request.membership; 404 for strangers.

    Private pages without one get the organization used last. Whoever lacks the second factor that it asks for is told
    so. The view itself never sees the argument.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.pop("organization", None)
        if not isinstance(request.user, User) or not getattr(view, "login_required", True):
            return None
        membership = _membership(request.user, slug)
        request.membership, request.organization = membership, membership.organization  # type: ignore[attr-defined]
        request.barred = second_factors.bars(membership)  # type: ignore[attr-defined]
        if request.barred and not _is_open(request):  # type: ignore[attr-defined]
            return render(request, "accounts/second_factor/asked.html", status=403)
        return None


def _is_open(request: HttpRequest) -> bool:
    name = str(request.resolver_match.url_name) if request.resolver_match else ""
    return name in OPEN or name.startswith(("account_", "mfa_", "usersessions_"))


def _membership(user: User, slug: str | None) -> Membership:
    mine = queries.memberships(user)
    if slug is None:
        return organizations.current(user)
    membership = get_object_or_404(mine, organization__slug=slug)
    organizations.remember(membership)
    return membership

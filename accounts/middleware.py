from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts import organizations, queries
from accounts.models import Membership, User


class OrganizationMiddleware:
    """Turns the <organization> of a URL into request.organization and request.membership; 404 for strangers.

    Private pages without one get the organization used last. The view itself never sees the argument.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        slug = kwargs.pop("organization", None)
        if not isinstance(request.user, User) or not getattr(view, "login_required", True):
            return
        membership = _membership(request.user, slug)
        request.membership, request.organization = membership, membership.organization  # type: ignore[attr-defined]


def _membership(user: User, slug: str | None) -> Membership:
    mine = queries.memberships(user)
    if slug is None:
        return organizations.current(user)
    membership = get_object_or_404(mine, organization__slug=slug)
    organizations.remember(membership)
    return membership

"""What owner, admin and member may do; @requires(Role.ADMIN) above a view refuses whoever may less."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from accounts.models import Membership, Role

_RANK = {Role.MEMBER: 0, Role.ADMIN: 1, Role.OWNER: 2}


def has(membership: Membership, role: Role) -> bool:
    """His role, or one above it."""
    return _RANK[Role(membership.role)] >= _RANK[role]


def may_manage(by: Membership, member: Membership) -> bool:
    """Change his role, remove him: admins do it to members and admins, only owners to owners."""
    return has(by, Role.ADMIN) and (has(by, Role.OWNER) or not has(member, Role.OWNER))


def may_give(by: Membership, role: Role) -> bool:
    """Nobody makes others more than he is himself."""
    return has(by, Role.ADMIN) and has(by, role)


def requires(role: Role) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Members below `role` get the 403 page; strangers never come this far (middleware.py)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not has(request.membership, role):
                raise PermissionDenied(role)
            return view(request, *args, **kwargs)

        return guarded

    return decorate

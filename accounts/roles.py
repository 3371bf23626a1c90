"""What owner, admin and member may do, enforced by the server."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from accounts.http import MemberRequest
from accounts.models import Role

P = ParamSpec("P")
View = Callable[Concatenate[MemberRequest, P], HttpResponse]

_RANK = {Role.MEMBER: 0, Role.ADMIN: 1, Role.OWNER: 2}


def requires(role: Role) -> Callable[[View[P]], View[P]]:
    """Members below `role` are refused with 403."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: MemberRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if _RANK[Role(request.membership.role)] < _RANK[role]:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate

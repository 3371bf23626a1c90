"""Pages that open by a secret in their address: nobody else may keep, index or learn it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from accounts.http import VisitorRequest

P = ParamSpec("P")
View = Callable[Concatenate[VisitorRequest, P], HttpResponse]


def discreet(view: View[P]) -> View[P]:
    """For everybody, signed in or not. A form on it says where it comes from, or Django takes it for forged."""

    @login_not_required
    @never_cache
    @wraps(view)
    def shown(request: VisitorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return shown

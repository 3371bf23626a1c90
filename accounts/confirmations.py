"""@confirmed above a view: whoever sits there proves once more who he is, and is not asked again for some minutes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

View = Callable[..., HttpResponseBase]


def confirmed(view: View) -> View:
    """What is sent too late is not done: the page is shown again. allauth would do it without our middleware."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_reauthentication_required(request, app="allauth.account"):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return redirect(request.path)
        raise ReauthenticationRequired

    return guarded

"""Pages that open by a secret in their address: nobody else may keep, index or learn it."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from accounts.rate_limits import allows
from scheduling.exceptions import LinkExpired
from scheduling.models import Booking

P = ParamSpec("P")


def secret_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For everybody who has the secret. A forged one is 404, one whose time is over 410, too many guesses 429."""

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return _discreet(request, _answer(view, request, *args, **kwargs))

    return opened


def _answer(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse], request: HttpRequest, *args: P.args, **kwargs: P.kwargs
) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except LinkExpired as expired:
        return render(request, "scheduling/manage/expired.html", {"booking": expired.booking}, status=HTTPStatus.GONE)
    except Booking.DoesNotExist:
        if not allows(request, "manage"):
            return too_many(request)
        return render(request, "scheduling/manage/unknown.html", status=HTTPStatus.NOT_FOUND)


def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "scheduling/manage/too_many.html", status=HTTPStatus.TOO_MANY_REQUESTS)


def _discreet(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_cache=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    # A form needs to say where it comes from, or Django takes it for forged; other sites learn nothing from either.
    response.setdefault("Referrer-Policy", "no-referrer")
    return response

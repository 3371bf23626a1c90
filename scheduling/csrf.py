"""Django's check for forged requests, asked by hand: a form that was open for too long keeps what was typed."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def is_forged(request: HttpRequest) -> bool:
    """For a view that is csrf_exempt and answers in its own words."""
    check = _Check(lambda _: HttpResponse())
    check.process_request(request)
    return bool(check.process_view(request, _protected, (), {}))


def _protected(request: HttpRequest) -> HttpResponse:
    return HttpResponse()

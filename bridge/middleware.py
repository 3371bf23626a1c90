import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts.encryption import Undecipherable

logger = logging.getLogger(__name__)

LOOPBACK = {"localhost", "127.0.0.1"}


class OneLoopbackName:
    """localhost and 127.0.0.1 are one machine and two cookie jars: whoever came by the other name is led to BASE_URL.

    Otherwise the way back from a provider, which ends at BASE_URL, would meet another session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and _by_other_name(request.META.get("HTTP_HOST", "")):
            return HttpResponseRedirect(settings.BASE_URL + request.get_full_path())
        return self.get_response(request)


class NoDevices:
    """No page may use camera, microphone or screen, unless its view has said otherwise: the video room's does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), display-capture=()")
        return response


class LostKey:
    """What no key of ours opens is a page with cause and fix, not a crash: whoever runs Bridge has to bring it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Undecipherable):
            return None
        logger.error("No key of ENCRYPTION_KEYS opens what is kept for %s", exception)
        return render(request, "503_key.html", status=503)


def _by_other_name(host: str) -> bool:
    asked, ours = urlsplit(f"//{host}"), urlsplit(settings.BASE_URL)
    return asked.hostname != ours.hostname and {asked.hostname, ours.hostname} <= LOOPBACK and asked.port == ours.port

"""Looks for known secrets in every page that the suite is shown, and in every line of its log."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from integrations.simulators.zoom.simulator import ZoomSimulator

FACTORY = ("access-secret", "refresh-secret", "own-secret", "own-webhook-secret")
"""The tokens of factories.token, the keys of factories.vendor_app."""

simulators: list[ZoomSimulator] = []
"""Those of the running test, with all the tokens they have given out."""
others: list[Callable[[], list[str]]] = []
"""Of other simulators: what they have given out, and the secrets of their apps."""


def secrets() -> Iterator[str]:
    yield from (*FACTORY, settings.ZOOM_CLIENT_SECRET, settings.ZOOM_ADMIN_CLIENT_SECRET, settings.SECRET_KEY)
    yield from (settings.ZOOM_WEBHOOK_SECRET, settings.ZOOM_ADMIN_WEBHOOK_SECRET)
    for simulator in simulators:
        yield from [
            secret for app in list(simulator.world.apps.values()) for secret in (app.client_secret, app.webhook_secret)
        ]
        yield from list(simulator.world.access_tokens)
        yield from [grant.refresh_token for grant in list(simulator.world.grants.values()) if grant.refresh_token]
    for given_out in others:
        yield from given_out()


def assert_none_in(text: str, where: str) -> None:
    assert not [secret[:12] for secret in secrets() if secret and secret in text], f"A secret stands in {where}"


class NoSecretInPages:
    """Middleware of the suite's settings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.streaming:
            assert_none_in(response.content.decode(errors="replace"), request.path)
            assert_none_in(str(response.headers), f"the headers of {request.path}")
        return response

"""Where requests to the API come in: no sessions, no cookies."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI


def mounted(address: str, api: NinjaAPI) -> URLResolver:
    """The routes of `api` at `address`."""
    patterns, app, namespace = api.urls
    return path(address, ([_opened(pattern) for pattern in patterns], app, namespace))


def _opened(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    assert isinstance(pattern, URLPattern)
    pattern.callback = login_not_required(pattern.callback)
    return pattern

"""/api/v1: no sessions, no cookies; each route says which scope it needs (authentication.py)."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path

from scheduling.api import me
from scheduling.api.document import api

api.add_router("/me", me.router)


def _without_session(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.callback is not None:
            pattern.callback = login_not_required(pattern.callback)
    return patterns


_patterns, _app, _namespace = api.urls
urlpatterns = [path("api/v1/", (_without_session(_patterns), _app, _namespace))]

"""What every request to the API passes on its way in and out: no session, no cookie, clean failures.

There are no CORS headers: a browser's page of another site cannot use the API, its server can.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from scheduling.api.parser import is_fit
from scheduling.api.problems import FieldProblem, Problem, answer
from scheduling.api.quotas import Spent

View = Callable[..., HttpResponse]

LARGEST = 100_000
"""Bytes of a body."""


def mounted(address: str, api: NinjaAPI) -> list[URLPattern | URLResolver]:
    """The routes of `api` at `address`, and a clean no for all that is none."""
    patterns, app, namespace = api.urls
    routes = [_opened(pattern) for pattern in patterns]
    nothing = re_path("", guarded(_nothing), name="nothing")
    return [
        path(f"{address}/", ([*routes, nothing], app, namespace)),
        path(address, guarded(_nothing)),
    ]


def guarded(view: View) -> View:
    @login_not_required
    @csrf_exempt
    @wraps(view)
    def passed(request: HttpRequest, **values: Any) -> HttpResponse:
        try:
            _look_at(request)
            response = _ask(view, request, values)
        except Problem as problem:
            response = answer(problem)
        except Http404:
            response = answer(Problem("not_found"))
        return _finished(request, response)

    return passed


def _opened(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    assert isinstance(pattern, URLPattern)
    pattern.callback = guarded(pattern.callback)
    return pattern


def _look_at(request: HttpRequest) -> None:
    """Before anything of it is read. Raises Problem."""
    if not is_fit(request.path_info):
        raise Problem("not_found")
    for name, values in request.GET.lists():
        if not all(is_fit(text) for text in [name, *values]):
            raise Problem("invalid", errors=[FieldProblem(where="query", message="NUL")])
    length = _length(request)
    if length > LARGEST:
        raise Problem("too_large")
    if (length or request.content_type == "multipart/form-data") and not _is_json(request):
        raise Problem("unsupported_media_type")  # forms too: nothing of them may be taken for a token


def _is_json(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    return request.content_type == "application/json" and charset in {"utf-8", "utf8"}


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _ask(view: View, request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """HEAD is GET without its body, which the server leaves out; OPTIONS is answered from what a route refuses."""
    asked = request.method
    if asked == "HEAD":
        request.method = "GET"
    response = view(request, **values)
    request.method = asked
    if not isinstance(response, HttpResponseNotAllowed):
        return response
    allowed = _allowed(response["Allow"])
    if asked == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": allowed})
    raise Problem("method_not_allowed", headers={"Allow": allowed})


def _allowed(methods: str) -> str:
    found = {method.strip() for method in methods.split(",")}
    return ", ".join(sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set())))


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    spent: Spent | None = getattr(request, "spent", None)
    for name, value in (spent.headers if spent else {}).items():
        response[name] = value
    response.setdefault("Cache-Control", "no-store")
    return response


def _nothing(request: HttpRequest, **values: Any) -> HttpResponse:
    raise Http404

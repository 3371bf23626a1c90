"""What every failure becomes: a problem that a program can read, and nothing of our insides."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from scheduling.api.problems import FieldProblem, Problem, answer

logger = logging.getLogger("bridge.api")


def refuse(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer(problem)


def miss(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(Problem("not_found"))


def correct(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return answer(Problem("invalid", errors=[_mistake(mistake) for mistake in error.errors]))


def explain(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library refuses by itself: a body that is no JSON, or none that we take (parser.py)."""
    if isinstance(error.__cause__, Problem):
        return answer(error.__cause__)
    return answer(Problem("bad_request"))


def overflow(request: HttpRequest, error: Exception) -> HttpResponse:
    """A number or a day that the database cannot hold."""
    logger.warning("%s %s: out of range", request.method, request.path, exc_info=error)
    return answer(Problem("invalid", _("A number or a time in it is too large.")))


def collapse(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return answer(Problem("server_error"))


HANDLERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    Problem: refuse,
    Http404: miss,
    ValidationError: correct,
    HttpError: explain,
    OverflowError: overflow,
    DataError: overflow,
    Exception: collapse,
}


def _mistake(found: dict[str, Any]) -> FieldProblem:
    """Where: the part of the request, then the path into it; a body is named once."""
    source, *path = (str(part) for part in found["loc"])
    inner = path[1:] if source == "body" else path
    return FieldProblem(where=".".join([source, *inner]), message=found["msg"])

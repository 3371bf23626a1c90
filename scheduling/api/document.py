"""The API as a whole: its routes, what failures become, and its OpenAPI document."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from scheduling.api import idempotency
from scheduling.api.problems import MEDIA_TYPE, FieldProblem, Problem, answer

TITLE = "Bridge"
VERSION = "1"


class Api(NinjaAPI):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.add_decorator(idempotency.once, mode="operation")
        self.add_decorator(idempotency.kept, mode="view")
        for failure, handler in HANDLERS.items():
            self.add_exception_handler(failure, handler)

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """Failures are problem+json, which the library cannot say by itself."""
        document = super().get_openapi_schema(**kwargs)
        for operations in document["paths"].values():
            for method, operation in operations.items():
                if method == "post":
                    operation["parameters"].append(idempotency.PARAMETER)
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {MEDIA_TYPE: next(iter(response["content"].values()))}
        return document


def refuse(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer(problem)


def miss(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(Problem("not_found"))


def correct(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [
        FieldProblem(where=".".join(str(part) for part in mistake["loc"]), message=mistake["msg"])
        for mistake in error.errors
    ]
    return answer(Problem("invalid", errors=found))


def explain(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library refuses by itself: a body that is no JSON."""
    return answer(Problem("bad_request"))


HANDLERS: dict[type[Exception], Any] = {
    Problem: refuse,
    Http404: miss,
    ValidationError: correct,
    HttpError: explain,
}
api = Api(title=TITLE, version=VERSION, urls_namespace="api", docs_url=None)

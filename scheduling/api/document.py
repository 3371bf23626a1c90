"""The API as a whole: its routes, what failures become, and its OpenAPI document."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from scheduling.api import failures, idempotency
from scheduling.api.openapi import Document
from scheduling.api.parser import StrictParser

TITLE = "Bridge"
VERSION = "1"


class Api(NinjaAPI):
    def __init__(self, namespace: str) -> None:
        super().__init__(
            title=TITLE,
            version=VERSION,
            urls_namespace=namespace,
            parser=StrictParser(),
            docs_url=None,
            docs_decorator=lambda view: require_GET(cache_control(public=True, max_age=300)(view)),
        )
        self.add_decorator(idempotency.once, mode="operation")
        self.add_decorator(idempotency.kept, mode="view")
        for failure, handler in failures.HANDLERS.items():
            self.add_exception_handler(failure, handler)

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Document:
        return _document(self, get_language(), settings.BASE_URL)


@lru_cache(maxsize=8)
def _document(api: Api, language: str | None, base_url: str) -> Document:
    """Made once: it takes half a second, and stays while Bridge runs."""
    return Document(api, api.get_root_path({}))


api = Api("api")

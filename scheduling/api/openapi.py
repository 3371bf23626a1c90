"""The OpenAPI document: what the library reads from the routes, and what it cannot know."""

import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from accounts.scopes import Scope
from scheduling.api import idempotency
from scheduling.api.authentication import needs
from scheduling.api.problems import CATALOGUE, MEDIA_TYPE, documented

DESCRIPTION = """\
Other programs use Bridge for people who have consented: they see when somebody is free, make events with meetings at \
his conferencing service, and book, move and cancel. They never see an account there.

**Access.** `Authorization: Bearer …` with an access token (OAuth 2, authorization code with PKCE) or with an API key \
of one's own. Each operation names the scope it needs. Cookies count for nothing here, and there are no CORS headers: \
call it from a server, not from a browser's page.

**Times** are RFC 3339 with an offset. **Lists** come in pages: pass `next_cursor` as `cursor`. **Failures** are \
problem+json (RFC 9457): decide by `code`; the catalogue is at /developers/errors.

**Sending again.** Every POST takes an `Idempotency-Key`. **Limits** are told with every answer in `RateLimit` and \
`RateLimit-Policy`; after 429 wait as long as `Retry-After` says. A body may have 100 KB.

**Changes.** New fields and new codes may come at any time; what is there stays as long as the address says `v1`.
"""
TAGS = {
    "Me": "Whom a token stands for.",
    "Conferencing": "The services where meetings can be made for the person, and how to connect them.",
    "Events": "Events that an application makes for a person, each with its meeting.",
    "Availability": "When one person is free, or several are at once.",
    "Schedulers": "The bookable pages of a person, and the times they offer.",
    "Bookings": "What invitees have booked; book, move and cancel for them.",
    "Members": "Who belongs to the organization; for its admins.",
    "Webhooks": "Where an application is told what happens.",
}
PHRASES = {
    400: "The request cannot be read",
    401: "No valid token",
    403: "Not allowed",
    404: "Not there, or of others",
    409: "In conflict with what is, or still being worked on",
    413: "More than 100 KB",
    415: "Something else than JSON",
    422: "Not valid",
    429: "Too many requests",
    500: "Our fault",
    503: "Not possible at the moment",
}
WAITS = {409, 429, 503}
SECONDS = {"type": "integer", "minimum": 0}
HEADERS = {
    "RateLimit-Policy": {
        "description": "How many requests (`q`) in how many seconds (`w`).",
        "schema": {"type": "string"},
        "example": '"requests";q=300;w=60',
    },
    "RateLimit": {
        "description": "How many are left (`r`), and in how many seconds (`t`) they are renewed.",
        "schema": {"type": "string"},
        "example": '"requests";r=299;t=42',
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": SECONDS, "example": 2},
    "WWW-Authenticate": {"description": "What is missing (RFC 6750).", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true`: remembered from the first time; nothing was done again.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


class Document(OpenAPISchema):
    """clashes: names that two schemas have; the library would describe one by the other."""

    def __init__(self, api: Any, path_prefix: str) -> None:
        self.clashes: set[str] = set()
        super().__init__(api, path_prefix)
        self._drop_unused()
        self["info"]["description"] = DESCRIPTION
        self["servers"] = [{"url": settings.BASE_URL}]
        self["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in self._used()]
        self["externalDocs"] = {"url": settings.BASE_URL + reverse("developers"), "description": "The guide"}

    def get_paths(self) -> dict[str, Any]:
        paths: dict[str, Any] = super().get_paths()
        for path, operations in paths.items():
            for method, operation in operations.items():
                operation["operationId"] = _name(method, path.removeprefix(f"/{self.path_prefix.strip('/')}"))
        return paths

    def get_components(self) -> dict[str, Any]:
        return super().get_components() | {"securitySchemes": _schemes(), "headers": HEADERS}

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        self.clashes |= {name for name, found in definitions.items() if self.schemas.get(name, found) != found}
        super().add_schema_definitions(definitions)

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        details: dict[str, Any] = super().operation_details(operation)
        if "POST" in operation.methods:
            details["parameters"].append(idempotency.PARAMETER)
        return details

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """One of these: a token with the scope, or a key with it; webhooks are an application's own business."""
        scopes = [auth.scope for auth in operation.auth_callbacks if isinstance(auth, needs)]
        if not scopes:
            return None
        needed = [scope.value for scope in scopes if scope]
        return [{"oauth2": needed}] if Scope.WEBHOOKS in scopes else [{"oauth2": needed}, {"key": []}]

    def responses(self, operation: Operation) -> dict[int, Any]:
        """With those that every route can give, without its saying so."""
        found: dict[int, Any] = super().responses(operation)
        for status in _always(operation) - found.keys():
            found[status] = {"content": {}}
        return {status: self._response(status, found[status], operation) for status in sorted(found)}

    def _response(self, status: int, said: dict[str, Any], operation: Operation) -> dict[str, Any]:
        headers = {"RateLimit", "RateLimit-Policy"}
        headers |= {"Retry-After"} if status in WAITS else set()
        headers |= {"WWW-Authenticate"} if status in {401, 403} else set()
        headers |= {"Idempotency-Replayed"} if "POST" in operation.methods and status < 500 else set()
        said["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(headers)}
        if status >= 400:
            said |= {"description": PHRASES[status], "content": {MEDIA_TYPE: self._problem(status)}}
        return said

    def _problem(self, status: int) -> dict[str, Any]:
        examples = {code: {"value": _example(code)} for code, kind in CATALOGUE.items() if kind.status == status}
        return {"schema": {"$ref": "#/components/schemas/ProblemBody"}, "examples": examples}

    def _drop_unused(self) -> None:
        """Those that only gather the parameters of a route."""
        schemas = self["components"]["schemas"]
        needed, found = set(), _referred(self["paths"])
        while found:
            needed |= found
            found = {name for one in found for name in _referred(schemas[one])} - needed
        self["components"]["schemas"] = {name: schemas[name] for name in sorted(needed)}

    def _used(self) -> set[str]:
        operations = [operation for path in self["paths"].values() for operation in path.values()]
        return {tag for operation in operations for tag in operation.get("tags", [])}


def _referred(part: Any) -> set[str]:
    return set(re.findall(r"#/components/schemas/(\w+)", repr(part)))


def _always(operation: Operation) -> set[int]:
    found = {*documented(), 500}
    if "{" in operation.path:
        found.add(404)
    if "POST" in operation.methods:
        found.add(409)
    if any(model.__ninja_param_source__ == "body" for model in operation.models):
        found |= {413, 415}
    return found


def _name(method: str, path: str) -> str:
    """As stable as the address: get_schedulers, get_schedulers_id_times."""
    words = [word.strip("{}") for word in path.split("/") if word]
    return "_".join([method, *words]).replace("-", "_")


def _example(code: str) -> dict[str, Any]:
    kind = CATALOGUE[code]
    return {
        "type": f"{settings.BASE_URL}{reverse('developers_errors')}#{code}",
        "title": str(kind.title),
        "status": kind.status,
        "code": code,
        "detail": str(kind.advice),
    }


def _schemes() -> dict[str, Any]:
    scopes = {scope.value: str(scope.label) for scope in Scope}
    own = {Scope.WEBHOOKS.value: scopes.pop(Scope.WEBHOOKS.value)}
    token = settings.BASE_URL + reverse("oauth_token")
    person = {"authorizationUrl": settings.BASE_URL + reverse("oauth_authorize"), "tokenUrl": token}
    return {
        "oauth2": {
            "type": "oauth2",
            "description": "For a person who consents; `clientCredentials` for the application's own webhooks.",
            "flows": {
                "authorizationCode": person | {"refreshUrl": token, "scopes": scopes},
                "clientCredentials": {"tokenUrl": token, "scopes": own},
            },
        },
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key, made by a member for his own scripts; it has the scopes he gave it.",
        },
    }

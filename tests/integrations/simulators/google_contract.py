"""Google's published discovery documents, to hold requests and answers against.

They lie beside the project, not in it; where they are not there, nothing is checked.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from jsonschema import Draft202012Validator

CONTRACTS = Path(__file__).parents[4] / "shared" / "contracts"
CALENDAR, PEOPLE = CONTRACTS / "google-calendar-v3.json", CONTRACTS / "google-people-v1.json"
REFUSED = 300


class ContractBroken(AssertionError):
    """What was said is not what Google's documents say."""


def present() -> bool:
    return CALENDAR.exists() and PEOPLE.exists()


def checked(answer: requests.Response, **_: Any) -> None:
    """A hook for a client: what succeeded was asked rightly, and answered rightly."""
    asked = urlsplit(answer.request.url or "")
    path = re.sub(r"^.*?(?=/calendar/v3/|/v1/(people|otherContacts))", "", asked.path)
    if (
        not present()
        or answer.status_code >= REFUSED
        or not path.startswith(("/calendar/v3/", "/v1/people", "/v1/other"))
    ):
        return
    body = json.loads(answer.request.body) if answer.request.body else None
    check_request(answer.request.method or "", f"{path}?{asked.query}", body)
    if answer.content:
        check_answer(answer.request.method or "", path, answer.json())


def check_request(method: str, path: str, body: object = None) -> None:
    """With its query, below the host. A null in a patch removes something and is in order."""
    document, found = _method(method, urlsplit(path).path)
    known = {**document["parameters"], **found.get("parameters", {})}
    unknown = [name for name, _ in parse_qsl(urlsplit(path).query) if name not in known]
    problems = [f"query parameter {name} is unknown" for name in unknown]
    if "request" in found:
        problems += _problems(document, found["request"]["$ref"], _without_nulls(body))
    elif body is not None:
        problems.append("a body is not expected")
    _raise(f"{method} {path}", problems)


def check_answer(method: str, path: str, body: object) -> None:
    document, found = _method(method, urlsplit(path).path)
    if "response" in found:
        _raise(f"{method} {path}", _problems(document, found["response"]["$ref"], body))


def _method(method: str, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    document = _document(CALENDAR if path.startswith("/calendar/v3/") else PEOPLE)
    called = unquote(path.removeprefix("/" + document["servicePath"])).removeprefix("/")
    for found in _methods(document["resources"]):
        template = found.get("flatPath") or found["path"]
        if found["httpMethod"] == method and re.fullmatch(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template)), called):
            return document, found
    raise ContractBroken(f"{method} {path}: no such method")


def _methods(resources: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in resources.values():
        yield from resource.get("methods", {}).values()
        yield from _methods(resource.get("resources", {}))


@cache
def _document(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text())
    document["closed"] = {name: _closed(schema) for name, schema in document["schemas"].items()}
    return document


def _closed(schema: Any) -> Any:
    """As JSON Schema, without room for members that it does not name."""
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": f"#/closed/{schema['$ref']}"}
    closed: dict[str, Any] = {} if schema.get("type") == "any" else {"type": schema.get("type", "object")}
    if "properties" in schema:
        closed["properties"] = {name: _closed(part) for name, part in schema["properties"].items()}
        closed["additionalProperties"] = False
    if "additionalProperties" in schema:
        closed["additionalProperties"] = _closed(schema["additionalProperties"])
    closed |= {"items": _closed(schema["items"])} if "items" in schema else {}
    return closed | ({"enum": schema["enum"]} if "enum" in schema else {})


def _problems(document: dict[str, Any], name: str, instance: object) -> list[str]:
    validator = Draft202012Validator({"$ref": f"#/closed/{name}", "closed": document["closed"]})
    return [f"{'.'.join(map(str, error.path)) or 'body'}: {error.message}" for error in validator.iter_errors(instance)]


def _without_nulls(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _without_nulls(value) for name, value in body.items() if value is not None}
    return [_without_nulls(part) for part in body] if isinstance(body, list) else body


def _raise(name: str, problems: list[str]) -> None:
    if problems:
        raise ContractBroken("\n  ".join([f"{name}:", *problems]))

"""Microsoft's published schema of Graph, to hold requests and answers against.

It lies beside the project, not in it; where it is not there, nothing is checked.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parents[4] / "shared" / "contracts" / "microsoft-graph.json"
REFUSED = 400


class ContractBroken(AssertionError):
    """What was said is not what Microsoft's schema says."""


def present() -> bool:
    return SCHEMA.exists()


def checked(answer: requests.Response, **_: Any) -> None:
    """A hook for a client: what well-behaved clients ask, and all that is answered."""
    path = unquote(urlsplit(answer.request.path_url).path)
    if not present() or "/v1.0/" not in path or "json" not in answer.headers.get("Content-Type", ""):
        return
    method, path = answer.request.method or "", path.partition("/v1.0")[2]
    check_answer(method, path, answer.status_code, answer.json())
    if answer.status_code < REFUSED and answer.request.body:
        check_request(method, path, json.loads(answer.request.body))


def check_request(method: str, path: str, body: object) -> None:
    operation = _operation(method, path)
    if operation is None:
        raise ContractBroken(f"{method} {path}: no such endpoint")
    declared = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if declared is not None:
        _raise(f"{method} {path}", _camel(declared), body)


def check_answer(method: str, path: str, status: int, body: object) -> None:
    operation = _operation(method, path)
    if operation is None and status < REFUSED:
        raise ContractBroken(f"{method} {path}: no such endpoint")
    if operation is None or status >= REFUSED:
        _raise(f"{method} {path} -> {status}", _named("microsoft.graph.ODataErrors.ODataError"), body)
        return
    if str(status) not in operation["responses"]:
        raise ContractBroken(f"{method} {path} -> {status}: the status is not declared")
    content = operation["responses"][str(status)].get("content", {})
    if content:
        _raise(f"{method} {path} -> {status}", content["application/json"]["schema"], body)


def _raise(name: str, schema: Any, body: object) -> None:
    validator = Draft202012Validator({**_closed(schema), "$defs": _definitions()})
    problems = [f"{'.'.join(map(str, error.path)) or 'body'}: {error.message[:300]}" for error in _all(validator, body)]
    if problems:
        raise ContractBroken("\n  ".join([f"{name}:", *problems]))


def _all(validator: Any, body: object) -> list[Any]:
    return list(validator.iter_errors(body))


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SCHEMA.read_text())
    return document


@cache
def _definitions() -> dict[str, Any]:
    """Closed: members that the schema does not name are broken, apart from OData's own."""
    return {name: _closed(schema) for name, schema in _document()["components"]["schemas"].items()}


def _named(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _operation(method: str, path: str) -> dict[str, Any] | None:
    """The one whose template says most."""
    fitting = [
        operations[method.lower()]
        for template, operations in sorted(_document()["paths"].items(), key=_vagueness)
        if method.lower() in operations and re.fullmatch(_pattern(template), path)
    ]
    return fitting[0] if fitting else None


def _vagueness(known: tuple[str, object]) -> int:
    return -len(re.sub(r"\{[^}]+\}", "", known[0]))


@cache
def _pattern(template: str) -> str:
    """Ids may hold slashes; functions are called with and without parentheses."""
    escaped = re.sub(r"'?\\\{[^}]+\\\}'?", ".+?", re.escape(template))
    return escaped.replace(r"\(\)", r"(\(\))?")


def _closed(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: null where it may be, references inwards, allOf as one."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": "#/$defs/" + schema["$ref"].rpartition("/")[2]}
    if schema.get("nullable"):
        rest = {name: part for name, part in schema.items() if name != "nullable"}
        return {"anyOf": [_closed(rest), {"type": "null"}]}
    if "allOf" in schema and (len(schema["allOf"]) > 1 or "properties" in schema):
        schema = _merged(schema)
    closed = {name: _closed(part) for name, part in schema.items() if name != "properties"}
    if isinstance(schema.get("properties"), dict):
        closed["properties"] = {name: _closed(part) for name, part in schema["properties"].items()}
        closed.setdefault("additionalProperties", False)
        closed["patternProperties"] = {"^@|@odata": {}}
    return closed


def _merged(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _merged(_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    parts = [_merged(part) for part in schema.get("allOf", [])]
    properties = {name: part for each in parts for name, part in each.get("properties", {}).items()}
    open_ = {"additionalProperties": True} if any("x-trimmed" in part for part in parts) else {}
    whole = {name: part for name, part in schema.items() if name not in ("allOf", "additionalProperties")}
    return {**open_, **whole, "type": "object", "properties": {**properties, **whole.get("properties", {})}}


def _camel(schema: dict[str, Any]) -> dict[str, Any]:
    """Actions take their arguments in camelCase too."""
    if not schema.get("$ref", "").startswith("#/components/schemas/request."):
        return schema
    named = _document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    more = {name[0].lower() + name[1:]: part for name, part in named["properties"].items()}
    return {**named, "properties": {**named["properties"], **more}}

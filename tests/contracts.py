"""Zoom's published schema, to hold requests, answers and events against.

`check_request` and `check_response` take paths as they are called, with or without /v2 and a query; they raise
ContractBroken with every reason. The schema lies beside the project, not in it: `present()` says whether it is there.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator, FormatChecker

SCHEMA = Path(__file__).parents[2] / "shared" / "contracts" / "zoom-openapi.json"
UNDECLARED = (401, 403)
"""Zoom answers so everywhere and writes it down nowhere."""
ERROR = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": {"type": "integer"}, "message": {"type": "string"}, "errors": {"type": "array"}},
    "additionalProperties": False,
}
FORMATS = FormatChecker()


class ContractBroken(AssertionError):
    """What was said is not what Zoom's schema says."""


def present() -> bool:
    return SCHEMA.exists()


def check_request(method: str, path: str, body: object = None) -> None:
    """Unknown fields and unknown query parameters count as broken too. body=None: no body."""
    operation = _operation(method, path)
    known = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}
    unknown = [name for name, _ in parse_qsl(urlsplit(path).query) if name not in known]
    problems = [f"query parameter {name} is unknown" for name in unknown]
    declared = operation.get("requestBody")
    if declared is not None:
        problems += _problems(_closed(declared["content"]["application/json"]["schema"]), body)
    elif body is not None:
        problems.append("a body is not expected")
    _raise(f"{method} {path}", problems)


def check_response(method: str, path: str, status: int, body: object = None) -> None:
    """body: the parsed JSON, None where there is none."""
    declared = _operation(method, path)["responses"]
    name = f"{method} {path} -> {status}"
    if str(status) not in declared and status not in UNDECLARED:
        raise ContractBroken(f"{name}: the status is not declared")
    content = declared.get(str(status), {}).get("content")
    if content is not None:
        _raise(name, _problems(_closed(content["application/json"]["schema"]), body))
    elif status < 300:
        _raise(name, [] if body in (None, "", b"") else ["a body is not expected"])
    else:
        _raise(name, _problems(ERROR, body))


def check_event(body: dict[str, Any]) -> None:
    """Loosely, as the contract wants it read: further members are allowed."""
    events = _schema()["webhooks"]
    if body["event"] not in events:
        raise ContractBroken(f"{body['event']}: no such event")
    pointer = f"#/webhooks/{body['event']}/post/requestBody/content/application~1json/schema"
    _raise(body["event"], _problems({"$ref": pointer, "webhooks": events}, body, formats=None))


@FORMATS.checks("date-time")
def _is_date_time(value: object) -> bool:
    """As Zoom writes it, and with wall time as it may be sent."""
    return not isinstance(value, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", value))


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA.read_text())
    return schema


def _operation(method: str, path: str) -> dict[str, Any]:
    called = urlsplit(path).path.removeprefix("/v2")
    for template, operations in _schema()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), called) and method.lower() in operations:
            operation: dict[str, Any] = operations[method.lower()]
            return operation
    raise ContractBroken(f"{method} {path}: no such endpoint")


def _closed(schema: Any) -> Any:
    """The schema without room for members that it does not name; the parts of an allOf become one."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "allOf" in schema:
        return _closed(_merged(schema))
    closed = {name: _closed(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type", "object") == "object":
        closed.setdefault("additionalProperties", False)
        closed["properties"] = {name: _closed(part) for name, part in schema["properties"].items()}
    return closed


def _merged(schema: dict[str, Any]) -> dict[str, Any]:
    parts = [_merged(part) for part in schema.get("allOf", [])]
    whole = {name: part for name, part in schema.items() if name != "allOf"}
    required = [*whole.get("required", []), *(name for part in parts for name in part.get("required", []))]
    properties = {name: part for each in parts for name, part in each.get("properties", {}).items()}
    merged = {**whole, "type": "object", "properties": {**properties, **whole.get("properties", {})}}
    return merged | ({"required": required} if required else {})


def _problems(schema: dict[str, Any], instance: object, *, formats: FormatChecker | None = FORMATS) -> list[str]:
    validator = Draft202012Validator(schema, format_checker=formats)
    return [f"{'.'.join(map(str, error.path)) or 'body'}: {error.message}" for error in validator.iter_errors(instance)]


def _raise(name: str, problems: list[str]) -> None:
    if problems:
        raise ContractBroken("\n  ".join([f"{name}:", *problems]))

"""The reference of the API, read from its OpenAPI document: what developers read is what the code says."""

import json
import shlex
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from bridge import schema_words
from bridge.schema_words import Field, Part, Schema
from scheduling.api.document import api
from scheduling.api.problems import MEDIA_TYPE

BEARER = '  -H "Authorization: Bearer $TOKEN"'
KEY = '  -H "Idempotency-Key: $(uuidgen)"'


@dataclass(frozen=True)
class Answer:
    """parts: of what type it is; none for an empty one.  is_problem: problem+json, described with the errors."""

    status: str
    phrase: str
    parts: list[Part]
    is_problem: bool


@dataclass(frozen=True)
class Operation:
    """scopes: any token does where there are none, and no token is needed where it is not `guarded`."""

    anchor: str
    method: str
    path: str
    summary: str
    text: str
    guarded: bool
    scopes: list[str]
    parameters: dict[str, list[Field]]
    body: list[Part]
    body_fields: list[Field]
    answers: list[Answer]
    curl: str
    example: str

    @property
    def good(self) -> list[Answer]:
        return [answer for answer in self.answers if not answer.is_problem]

    @property
    def problems(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.is_problem]


@dataclass(frozen=True)
class Noun:
    """A schema: what travels."""

    name: str
    text: str
    fields: list[Field]
    values: list[str]
    example: str


@dataclass(frozen=True)
class Tag:
    """What belongs together."""

    name: str
    text: str
    operations: list[Operation]


@dataclass(frozen=True)
class Reference:
    """text: what holds for all of it."""

    text: str
    tags: list[Tag]
    nouns: list[Noun]


@lru_cache(maxsize=8)
def read(language: str, base_url: str) -> Reference:
    """In this language; the document is made when Bridge starts, and stays."""
    document = api.get_openapi_schema()
    known: dict[str, Schema] = document["components"]["schemas"]
    nouns = [_noun(name, schema, known) for name, schema in sorted(known.items())]
    return Reference(document["info"]["description"], list(_tags(document, base_url, known)), nouns)


def _tags(document: dict[str, Any], base_url: str, known: dict[str, Schema]) -> Iterator[Tag]:
    """In the order in which the document describes them; then any others."""
    texts = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    found: dict[str, list[Operation]] = {name: [] for name in texts}
    for path, operations in document["paths"].items():
        for method, described in operations.items():
            tag = next(iter(described.get("tags", [])), _("Other"))
            found.setdefault(tag, []).append(_operation(base_url + path, method, described, known))
    for name, operations_ in found.items():
        yield Tag(name, texts.get(name, ""), operations_)


def _operation(url: str, method: str, described: dict[str, Any], known: dict[str, Schema]) -> Operation:
    body = _content(described.get("requestBody", {}))
    security = described.get("security", [])
    answers = list(_answers(described["responses"]))
    return Operation(
        anchor=described["operationId"],
        method=method.upper(),
        path=urlsplit(url).path,
        summary=described.get("summary", ""),
        text=described.get("description", ""),
        guarded=bool(security),
        scopes=[scope for scheme in security for scopes in scheme.values() for scope in scopes],
        parameters=_parameters(described.get("parameters", [])),
        body=list(schema_words.parts(body)) if body else [],
        body_fields=schema_words.fields(schema_words.meant(body, known)),
        answers=answers,
        curl=_curl(url, method, bool(security), schema_words.example(body, known) if body else None),
        example=_example(described["responses"], known),
    )


def _parameters(described: list[dict[str, Any]]) -> dict[str, list[Field]]:
    """By where they stand: path, query, header."""
    found: dict[str, list[Field]] = defaultdict(list)
    for one in described:
        schema = {"description": one.get("description", "")} | one["schema"]
        found[one["in"]].append(schema_words.field(one["name"], schema, one.get("required", False)))
    return dict(found)


def _answers(described: dict[Any, Any]) -> Iterator[Answer]:
    for status, answer in sorted(described.items(), key=lambda item: int(item[0])):
        schema = _content(answer)
        parts = list(schema_words.parts(schema)) if schema else []
        yield Answer(str(status), HTTPStatus(int(status)).phrase, parts, MEDIA_TYPE in answer.get("content", {}))


def _content(holder: dict[str, Any]) -> Schema:
    media: list[dict[str, Any]] = list(holder.get("content", {}).values())
    return dict(media[0].get("schema", {})) if media else {}


def _example(responses: dict[Any, Any], known: dict[str, Schema]) -> str:
    """Of what it answers when all is well."""
    good = [_content(answer) for status, answer in responses.items() if int(status) < 300]
    return pretty(schema_words.example(good[0], known)) if good and good[0] else ""


def _curl(url: str, method: str, guarded: bool, body: Any) -> str:
    lines = [f"curl -X {method.upper()} {shlex.quote(url)}"]
    if guarded:
        lines.append(BEARER)
    if method == "post":
        lines.append(KEY)
    if body is not None:
        lines.append(f"  --json {shlex.quote(pretty(body))}")
    return " \\\n".join(lines)


def _noun(name: str, schema: Schema, known: dict[str, Schema]) -> Noun:
    values = [str(value) for value in schema_words.values_of(schema)]
    example = "" if values else pretty(schema_words.example(schema, known))
    return Noun(name, schema.get("description", ""), schema_words.fields(schema), values, example)


def pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)

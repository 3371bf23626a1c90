"""The schemas of an OpenAPI document in words: what a value is, what a field may hold, and an example of the whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

Schema = dict[str, Any]

FORMATS = {
    "uuid": "UUID",
    "date-time": gettext_noop("date and time"),
    "date": gettext_noop("date"),
    "uri": gettext_noop("address"),
    "email": gettext_noop("e-mail address"),
}
LIMITS = {
    "minimum": gettext_noop("at least %(limit)s"),
    "maximum": gettext_noop("at most %(limit)s"),
    "exclusiveMinimum": gettext_noop("more than %(limit)s"),
    "exclusiveMaximum": gettext_noop("less than %(limit)s"),
    "minLength": gettext_noop("at least %(limit)s characters"),
    "maxLength": gettext_noop("at most %(limit)s characters"),
    "minItems": gettext_noop("at least %(limit)s of them"),
    "maxItems": gettext_noop("at most %(limit)s of them"),
}
SAMPLES: dict[str, Any] = {
    "uuid": "6f0f9f0e-3f6b-4c52-9d2e-0b1f4a3c7d21",
    "date-time": "2027-03-01T09:00:00+01:00",
    "date": "2027-03-01",
    "uri": "https://example.org/",
    "email": "ivan@example.org",
    "string": "…",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "null": None,
    "object": {},
}
DEEP = 6
"""How far an example follows schemas into each other."""


@dataclass(frozen=True)
class Part:
    """A piece of a type in words; `schema`: the one it is, to lead there."""

    text: str
    schema: str = ""


@dataclass(frozen=True)
class Field:
    name: str
    parts: list[Part]
    required: bool
    text: str
    notes: list[str]


def meant(schema: Schema, known: dict[str, Schema]) -> Schema:
    """Itself, or the one it refers to."""
    return known[name] if (name := _referred(schema)) else schema


def fields(schema: Schema) -> list[Field]:
    required = schema.get("required", [])
    return [field(name, found, name in required) for name, found in schema.get("properties", {}).items()]


def field(name: str, schema: Schema, required: bool) -> Field:
    return Field(name, list(parts(schema)), required, schema.get("description", ""), list(notes(schema)))


def parts(schema: Schema) -> Iterator[Part]:
    """What a value is: `list of Event`, `date and time or null`."""
    if name := _referred(schema):
        yield Part(name, name)
    elif choices := _choices(schema):
        for number, choice in enumerate(choices):
            if number:
                yield Part(_("or"))
            yield from parts(choice)
    elif schema.get("type") == "array":
        yield Part(_("list of"))
        yield from parts(schema.get("items", {}))
    else:
        yield Part(_name_of(schema))


def notes(schema: Schema) -> Iterator[str]:
    """What it may hold, and what it holds if nobody says."""
    for choice in [schema, *_choices(schema)]:
        if values := values_of(choice):
            yield _("one of %(values)s") % {"values": ", ".join(f"`{value}`" for value in values)}
        for limit, sentence in LIMITS.items():
            if limit in choice:
                yield _(sentence) % {"limit": choice[limit]}
    if schema.get("default") not in (None, "", [], {}):
        yield _("`%(value)s` unless told otherwise") % {"value": _spelled(schema["default"])}


def values_of(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", []))


def example(schema: Schema, known: dict[str, Schema], depth: int = 0) -> Any:
    """Its own, or one made of what stands in it."""
    if schema.get("examples"):
        return schema["examples"][0]
    if name := _referred(schema):
        return example(known[name], known, depth + 1) if depth < DEEP else {}
    if values := values_of(schema):
        return schema.get("default", values[0])
    if choices := _choices(schema):
        return example(choices[0], known, depth)
    if schema.get("type") == "array":
        return [example(schema.get("items", {}), known, depth + 1)]
    if properties := schema.get("properties"):
        return {key: example(found, known, depth + 1) for key, found in properties.items()}
    return _sample(schema)


def _sample(schema: Schema) -> Any:
    if schema.get("default") is not None:
        return schema["default"]
    return SAMPLES.get(schema.get("format", "")) or SAMPLES.get(str(schema.get("type")), "…")


def _referred(schema: Schema) -> str:
    whole = schema["allOf"] if len(schema.get("allOf", [])) == 1 else [schema]
    return str(whole[0].get("$ref", "")).rpartition("/")[2]


def _choices(schema: Schema) -> list[Schema]:
    return list(schema.get("anyOf") or schema.get("oneOf") or [])


def _name_of(schema: Schema) -> str:
    if schema.get("format") in FORMATS:
        return _(FORMATS[schema["format"]])
    return str(schema.get("type") or (_("text") if values_of(schema) else _("anything")))


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

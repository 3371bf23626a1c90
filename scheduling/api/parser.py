"""JSON as it comes in: what neither a database nor another program could take is refused here, wherever it stands."""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from scheduling.api.problems import FieldProblem, Problem

LARGEST = 2**63 - 1


class StrictParser(Parser):
    """RFC 8259: UTF-8, no NaN. Raises Problem, or ValueError for what is no JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            value = json.loads(request.body.decode(), parse_constant=_refuse)
            found = list(_unfit(value, "body"))
        except RecursionError:
            raise Problem("bad_request", _("It is nested too deeply.")) from None
        if not isinstance(value, dict):
            found = [FieldProblem(where="body", message=_("This has to be an object."))]
        if found:
            raise Problem("invalid", errors=found)
        return value


def is_fit(text: str) -> bool:
    """Can be stored: PostgreSQL takes no NUL, UTF-8 no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _unfit(value: Any, where: str) -> Iterator[FieldProblem]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not is_fit(key):
                yield FieldProblem(where=where, message=_("A name holds a character that cannot be kept."))
            else:
                yield from _unfit(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unfit(inner, f"{where}.{number}")
    elif isinstance(value, str) and not is_fit(value):
        yield FieldProblem(where=where, message=_("It holds a character that cannot be kept."))
    elif isinstance(value, int | float) and (not math.isfinite(value) or abs(value) > LARGEST):
        yield FieldProblem(where=where, message=_("The number is too large."))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)

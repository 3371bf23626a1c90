"""Lists come in pages with a cursor: what is added meanwhile neither shifts nor doubles anything."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from ninja import Query, Schema
from pydantic import Field

from scheduling.api.problems import FieldProblem, Problem

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")

MOST = 100
"""Items on a page."""

Limit = Annotated[int, Query(50, ge=1, le=MOST)]
Cursor = Annotated[str, Query("", max_length=200, description="`next_cursor` of the page before; empty for the first.")]


class Page(Schema, Generic[Item]):
    """`next_cursor` is empty on the last page."""

    items: list[Item]
    next_cursor: str = Field("", examples=["WyIyMDI3LTAzLTAxVDA5OjAwOjAwKzAwOjAwIiwgNDJd"])


def page(rows: QuerySet[Row], shape: Callable[[Row], Item], *, by: str, limit: int, cursor: str) -> Page[Item]:
    """The rows after `cursor`, ordered by the datetime field `by`, then by id."""
    after = _read(cursor) if cursor else None
    if after is not None:
        moment, pk = after
        rows = rows.filter(Q(**{f"{by}__gt": moment}) | Q(**{by: moment, "pk__gt": pk}))
    found = list(rows.order_by(by, "pk")[: limit + 1])
    more = _write(found[limit - 1], by) if len(found) > limit else ""
    return Page(items=[shape(row) for row in found[:limit]], next_cursor=more)


def _write(row: Model, by: str) -> str:
    text = json.dumps([getattr(row, by).isoformat(), row.pk])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[Any, int]:
    try:
        when, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = parse_datetime(when)
        if moment is None or moment.tzinfo is None or type(pk) is not int or abs(pk) >= 2**63:
            raise ValueError(cursor)
    except (ValueError, TypeError, binascii.Error):
        where = FieldProblem(where="query.cursor", message=_("This is no cursor that we gave out."))
        raise Problem("invalid", errors=[where]) from None
    return moment, pk

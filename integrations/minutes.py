"""Stored instants as whole minutes since the epoch, without a datetime in between: rounded down, and rounded up."""

from typing import Any

from django.db.models import Func, IntegerField


class MinuteOfStart(Func):
    template = "CAST(FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60) AS INTEGER)"
    on_sqlite = "(strftime('%%%%s', %(expressions)s) / 60)"
    arity = 1
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.on_sqlite, **context)


class MinuteOfEnd(MinuteOfStart):
    template = "CAST(CEIL(EXTRACT(EPOCH FROM %(expressions)s) / 60) AS INTEGER)"
    on_sqlite = "((strftime('%%%%s', %(expressions)s) + 59) / 60)"

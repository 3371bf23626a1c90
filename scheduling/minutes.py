"""Instants read from the database as minutes since the epoch: of thousands, none becomes a datetime first."""

from typing import Any

from django.db.models import Func, IntegerField


class Minute(Func):
    """The minute of a stored instant; like intervals.minute where the instant has no seconds."""

    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) / 60 AS INTEGER)"
    arity = 1
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="strftime('%%%%s', %(expressions)s) / 60", **context)

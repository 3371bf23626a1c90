from collections.abc import Iterable
from operator import attrgetter
from typing import Any, TypeVar

from django.db import models, transaction

from scheduling.models.edition import Edition

Row = TypeVar("Row", bound=models.Model)


def whose(row: models.Model) -> int:
    """The id of the person whose times it opens or closes: the model says in `times_of` where that stands."""
    return int(attrgetter(row.times_of)(row))  # type: ignore[attr-defined]


class TimesQuerySet(models.QuerySet[Row]):
    """Writing many rows at once sends no signals, so it renews the edition here; one at a time: editions.py."""

    @transaction.atomic
    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        made = super().bulk_create(objs, *args, **kwargs)
        Edition.objects.renew(map(whose, made))
        return made

    @transaction.atomic
    def update(self, **changes: Any) -> int:
        people = self._people()
        changed = super().update(**changes)
        Edition.objects.renew(people)
        return changed

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        people = self._people()
        gone = super().delete()
        Edition.objects.renew(people)
        return gone

    def _people(self) -> set[int]:
        path = self.model.times_of.replace(".", "__")  # type: ignore[attr-defined]
        return set(self.order_by().values_list(path, flat=True))

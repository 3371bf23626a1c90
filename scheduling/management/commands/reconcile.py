from typing import Any

from django.core.management.base import BaseCommand

from scheduling import comparisons, reconciliation


class Command(BaseCommand):
    help = "Compare coming bookings with the meetings at their providers, both ways, and mend what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        for connection in reconciliation.connections():
            self.stdout.write(f"{connection}: {_in_words(comparisons.make(connection))}")


def _in_words(found: reconciliation.Findings) -> str:
    words = [
        f"{len(found.lost)} deleted there, {len(found.moved)} moved there, {len(found.back)} as agreed again",
        f"{len(found.mended)} mended, {len(found.strays)} left behind and removed",
        f"{len(found.unknown)} of another Bridge, left alone{_named(found.unknown)}",
        *found.refused,
    ]
    return "; ".join(filter(None, [*words, found.trouble]))


def _named(unknown: list[str]) -> str:
    return f" ({', '.join(unknown)})" if unknown else ""

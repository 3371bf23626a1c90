from typing import Any

from django.core.management.base import BaseCommand

from scheduling import reconciliation


class Command(BaseCommand):
    help = "Compare coming bookings with the meetings at their providers, both ways, and mend what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        for connection in reconciliation.connections():
            self.stdout.write(f"{connection}: {_in_words(reconciliation.compare(connection))}")


def _in_words(found: reconciliation.Findings) -> str:
    if found.trouble:
        return found.trouble
    return (
        f"{len(found.lost)} lost, {len(found.moved)} moved, {len(found.strays)} left behind and removed, "
        f"{len(found.unknown)} of another Bridge"
    )

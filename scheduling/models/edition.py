import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models


class Editions(models.QuerySet["Edition"]):
    def renew(self, people: Iterable[int]) -> None:
        """In one statement and in the order of ids, so that nobody waits for each other."""
        self.bulk_create(
            [Edition(host_id=person) for person in sorted(set(people))],
            update_conflicts=True,
            unique_fields=["host"],
            update_fields=["token"],
        )


class Edition(models.Model):
    """Which state of a host's times this is: another token after every change of them (editions.py).

    A token and not a number: what was rolled back, or restored from a backup, never comes again with other contents.
    """

    host = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="edition"
    )
    token = models.UUIDField(default=uuid.uuid4)

    objects = Editions.as_manager()

    def __str__(self) -> str:
        return f"edition of {self.host_id}"

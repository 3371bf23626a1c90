import uuid

from django.conf import settings
from django.db import models


class Edition(models.Model):
    """Which state of a host's times this is: another token after every change of what opens or closes them (editions.py).

    A token and not a number: what was rolled back, or restored from a backup, never comes again with other contents.
    """

    host = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="edition"
    )
    token = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return f"edition of {self.host_id}"

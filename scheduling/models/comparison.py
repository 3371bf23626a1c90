from django.db import models

from integrations.models import Connection


class Comparison(models.Model):
    """What was found when an account was last compared with our bookings (reconciliation.py).

    mended, removed: how many meetings needed a hand, or were left behind by us.  unknown: the provider's ids of those
    that look like ours and belong to no booking here; nobody touches them.  trouble: why it is not all, in sentences.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="comparison")
    compared_at = models.DateTimeField()
    mended = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    unknown = models.JSONField(default=list)
    trouble = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"comparison of {self.connection_id}"

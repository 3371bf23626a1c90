from django.db import models


class AskedBefore(models.Model):
    """A POST with an Idempotency-Key: what it asked, and what it was answered, so that asking again is asking once.

    caller: Caller.name.  fingerprint: of method, path and body.  status: of the answer; None while it is worked on.
    """

    caller = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    claimed_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key_hash"], name="a_key_is_asked_once"),
        ]

    def __str__(self) -> str:
        return f"asked by {self.caller}"


class Quota(models.Model):
    """How many requests a caller has made in the minute that began at `minute` (since the epoch)."""

    caller = models.CharField(max_length=80, unique=True)
    minute = models.BigIntegerField()
    used = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"quota of {self.caller}"

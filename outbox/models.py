from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now


class IntentQuerySet(models.QuerySet["Intent"]):
    def pending(self) -> "IntentQuerySet":
        return self.filter(settled__lt=F("wanted"), stopped=False)

    def due(self, moment: datetime) -> "IntentQuerySet":
        free = Q(lease_until=None) | Q(lease_until__lte=moment)
        return self.pending().filter(free, due_at__lte=moment)

    def unheard(self, moment: datetime, *, after: timedelta) -> "IntentQuerySet":
        """Due, and the bell has not rung for it since, or nobody came for `after`."""
        silent = Q(rung_at=None) | Q(rung_at__lt=F("due_at")) | Q(rung_at__lte=moment - after)
        return self.due(moment).filter(silent)


class Intent(models.Model):
    """One effect still owed to the outside world: its kind, and the id of the row it is about.

    There is one row per effect. Wanting it again raises `wanted`; a worker raises `settled` to the `wanted` it saw when
    it took the row. So a wish that arrives while a worker is busy is never taken for fulfilled.
    """

    kind = models.CharField(max_length=40)
    subject = models.BigIntegerField()
    wanted = models.PositiveIntegerField(default=1)
    settled = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=now)
    attempt = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    stopped = models.BooleanField(default=False)
    last_error = models.TextField(blank=True)

    objects = IntentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="one_intent_per_effect"),
            models.CheckConstraint(condition=Q(settled__lte=F("wanted")), name="intent_settles_what_was_wanted"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(stopped=False, settled__lt=F("wanted")), name="intent_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def claim(self, *, lease: timedelta) -> bool:
        """Take the next attempt for ourselves. False: not due, or another worker has it."""
        moment = now()
        mine = Intent.objects.due(moment).filter(pk=self.pk, attempt=self.attempt, wanted=self.wanted)
        self.attempt += 1
        self.tries += 1
        self.lease_until = moment + lease
        return bool(mine.update(attempt=self.attempt, tries=self.tries, lease_until=self.lease_until))

    def record(self, **outcome: object) -> None:
        """Write the outcome and give the lease back, unless the lease ran out and another worker has it.

        Wanted again in the meantime, the row stays owed and is due at once.
        """
        mine = Intent.objects.filter(pk=self.pk, attempt=self.attempt)
        if not mine.filter(wanted=self.wanted).update(lease_until=None, **outcome):
            mine.update(lease_until=None, due_at=now())

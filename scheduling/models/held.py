from datetime import datetime

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Change(models.TextChoices):
    """What somebody did to it where it is, behind the booking's back."""

    MOVED = "moved", _("Moved there")
    DELETED = "deleted", _("Deleted there")


NO_CHANGE: dict[str, str | None] = {
    "change": "",
    "changed_start": None,
    "changed_end": None,
    "change_found_at": None,
}


class Held(models.Model):
    """What stands for a booking elsewhere: a meeting at a provider, an event in a calendar.

    change, changed_start, changed_end: what was found changed there, until the host has decided (decisions.py).
    """

    change = models.CharField(max_length=10, choices=Change, blank=True)
    changed_start = models.DateTimeField(null=True, blank=True)
    changed_end = models.DateTimeField(null=True, blank=True)
    change_found_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def change_mark(self) -> str:
        """By which a form says about which change it decides."""
        return self.change_found_at.isoformat() if self.change and self.change_found_at else ""

    def note_change(self, change: str, start: datetime | None, end: datetime | None) -> None:
        self.change, self.changed_start, self.changed_end, self.change_found_at = change, start, end, now()
        self.save(update_fields=[*NO_CHANGE])

    def forget_change(self) -> None:
        """It was decided, or is as agreed again."""
        type(self).objects.filter(pk=self.pk).update(**NO_CHANGE)  # type: ignore[attr-defined]  # abstract here
        self.refresh_from_db(fields=[*NO_CHANGE])

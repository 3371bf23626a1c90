from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations.models import Connection
from scheduling.models.times import TimesQuerySet


class OutsideKind(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    WEBINAR = "webinar", _("Webinar")


CLOSES = Q(kind=OutsideKind.WEBINAR) | Q(connection__membership__calendar_settings__meetings_close=True)
"""Webinars do; a meeting usually stands in a calendar, so only if its host wants it."""


class OutsideMeeting(models.Model):
    """What somebody holds with a connected account and no booking made: as the provider listed it last."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="outside_meetings")
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="outside_meetings")
    external_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=OutsideKind)
    title = models.CharField(max_length=300, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    join_url = models.CharField(max_length=2000, blank=True)

    times_of = "host_id"
    objects = TimesQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="one_row_per_outside_meeting"),
            models.CheckConstraint(condition=Q(kind__in=OutsideKind.values), name="outside_meeting_kind_is_known"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="outside_meeting_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["host", "start"], name="outside_meeting_by_host")]

    def __str__(self) -> str:
        return f"outside meeting {self.pk}"

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from scheduling.models.times import TimesQuerySet


class Schedule(models.Model):
    """A named set of weekly hours with date overrides, in wall-clock time of one IANA time zone (RFC 7953)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="schedules")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="schedules")
    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(_("time zone"), max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "owner", "name"], name="schedule_names_differ"),
        ]

    def __str__(self) -> str:
        return self.name


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class WeeklyHours(models.Model):
    """Open from `start_minute` to `end_minute` of the day (0 to 1440), every week."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()

    times_of = "schedule.owner_id"
    objects = TimesQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekly_hours_weekday_is_known"),
            models.CheckConstraint(
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=1440), name="weekly_hours_end_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start_minute}-{self.end_minute}"


class DateOverride(models.Model):
    """Replaces the weekly hours of one date; without minutes the day is closed. Several rows make several blocks."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="overrides")
    date = models.DateField()
    start_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    end_minute = models.PositiveSmallIntegerField(null=True, blank=True)

    times_of = "schedule.owner_id"
    objects = TimesQuerySet.as_manager()

    class Meta:
        ordering = ["date", "start_minute"]
        constraints = [
            models.CheckConstraint(
                # isnull, because a comparison with nothing is neither true nor false, and a check lets that pass.
                condition=Q(start_minute=None, end_minute=None)
                | Q(
                    start_minute__isnull=False,
                    end_minute__isnull=False,
                    start_minute__lt=F("end_minute"),
                    end_minute__lte=1440,
                ),
                name="override_is_closed_or_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.start_minute}-{self.end_minute}"

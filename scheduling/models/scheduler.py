import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from integrations.models import Connection
from scheduling.models.availability import Schedule

GRID = 5
"""Minutes: durations, buffers and increments are multiples of it, and a host's time is kept in cells of it."""


class Scheduler(models.Model):
    """A bookable page. Every length is in minutes.

    place: empty for the host's default, else a key of places.choices (a provider, the built-in room, phone, in person,
    a link). connection: the account named to host, where the provider allows several.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="schedulers")
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="schedulers")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    durations = models.JSONField(_("durations"))
    increment = models.PositiveSmallIntegerField(_("start times every"), default=30)
    buffer_before = models.PositiveSmallIntegerField(_("buffer before"), default=0)
    buffer_after = models.PositiveSmallIntegerField(_("buffer after"), default=0)
    minimum_notice = models.PositiveIntegerField(_("minimum notice"), default=240)
    window_days = models.PositiveSmallIntegerField(_("days ahead"), null=True, blank=True, default=60)
    window_first = models.DateField(_("from"), null=True, blank=True)
    window_last = models.DateField(_("to"), null=True, blank=True)
    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="schedulers")
    place = models.CharField(_("place"), max_length=20, blank=True)
    place_detail = models.CharField(_("details of the place"), max_length=500, blank=True)
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, blank=True, related_name="schedulers"
    )
    is_on = models.BooleanField(default=True)
    disrupted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["host", "slug"], name="scheduler_addresses_differ"),
            models.CheckConstraint(condition=Q(increment__gte=GRID), name="scheduler_increment_is_positive"),
            models.CheckConstraint(
                condition=Q(window_days__isnull=False, window_first=None, window_last=None)
                | Q(
                    window_days=None,
                    window_first__isnull=False,
                    window_last__isnull=False,
                    window_first__lte=F("window_last"),
                )
                | Q(window_days=None, window_first=None, window_last=None),
                name="scheduler_window_is_rolling_or_between_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.name

import uuid

from django.db import models

from accounts.models import Membership


class CalendarFeed(models.Model):
    """A secret address under which a member's bookings are read by calendars that only subscribe (iCalendar).

    secret_hash finds it, sealed_secret shows the address again to its owner; a new secret kills the old one.
    details: with names and links to join; else times alone.  private: of what is marked private too.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    sealed_secret = models.TextField()
    details = models.BooleanField(default=True)
    private = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"feed {self.pk}"

import uuid

from django.db import models

from integrations.models.calendar import Calendar


class EventEdit(models.Model):
    """What a member wants of an event of his calendar, until the provider has it: other fields, or that it goes.

    event_id: the provider's.  wanted: the fields of types.EventRequest, times in ISO 8601; empty: delete it.
    error, error_detail: why it could not be done; then the calendar is read again, and shows what holds.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="edits")
    event_id = models.CharField(max_length=700)
    wanted = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    error_detail = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "event_id"], name="one_edit_per_event")]

    def __str__(self) -> str:
        return f"edit {self.pk}"

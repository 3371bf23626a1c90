from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.typed import TypedField
from integrations.models import CalendarEvent
from integrations.types import EventRequest
from scheduling.forms.fields import TextField

ONE_DAY = timedelta(days=1)


class EventForm(forms.Form):
    """An event of one's calendar. The end of an all-day event is its last day."""

    title = TypedField(label=_("Title"), max_length=200)
    start_day = forms.DateField(label=_("Begins"), widget=forms.DateInput(attrs={"type": "date"}))
    start_time = forms.TimeField(label=_("at"), widget=forms.TimeInput(attrs={"type": "time"}))
    end_day = forms.DateField(label=_("Ends"), widget=forms.DateInput(attrs={"type": "date"}))
    end_time = forms.TimeField(label=_("at"), widget=forms.TimeInput(attrs={"type": "time"}))
    location = TypedField(label=_("Location"), max_length=500, required=False)
    description = TextField(label=_("Description"), max_length=4000, required=False)

    def __init__(self, data: Any = None, *, event: CalendarEvent, time_zone: str) -> None:
        super().__init__(data, initial=_shown(event, ZoneInfo(time_zone)))
        self.event, self.time_zone = event, time_zone
        if event.is_all_day:
            del self.fields["start_time"], self.fields["end_time"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and self._start >= self._end:
            self.add_error("end_day", _("It ends before it begins. Please choose a later end."))
        return cleaned

    @property
    def request(self) -> EventRequest:
        """What is asked for; of a valid form."""
        texts = {name: self.cleaned_data[name] for name in ("title", "location", "description")}
        return EventRequest(
            start=self._start, end=self._end, time_zone=self.time_zone, is_private=self.event.is_private, **texts
        )

    @property
    def _start(self) -> datetime | date:
        return self._moment("start")

    @property
    def _end(self) -> datetime | date:
        end = self._moment("end")
        return end + ONE_DAY if self.event.is_all_day else end

    def _moment(self, which: str) -> datetime | date:
        day: date = self.cleaned_data[f"{which}_day"]
        if self.event.is_all_day:
            return day
        return datetime.combine(day, self.cleaned_data[f"{which}_time"], ZoneInfo(self.time_zone))


def _shown(event: CalendarEvent, zone: ZoneInfo) -> dict[str, Any]:
    start, end = event.start.astimezone(zone), event.end.astimezone(zone)
    texts = {"title": event.title, "location": event.location, "description": event.description}
    days = {"start_day": event.first_day or start.date(), "end_day": event.last_day or end.date()}
    return texts | days | {"start_time": start.strftime("%H:%M"), "end_time": end.strftime("%H:%M")}

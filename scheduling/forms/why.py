from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from scheduling import durations
from scheduling.selection import FIRST, LAST


class WhyForm(forms.Form):
    """A date, and perhaps a time, that the owner wonders about; in the zone of the hours."""

    prefix = "why"

    day = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput({"type": "date"}),
        error_messages={"required": _("Please give a date to ask about.")},
    )
    time = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    duration = forms.TypedChoiceField(
        label=_("Duration"), coerce=int, error_messages={"required": _("Please choose a duration.")}
    )

    def __init__(self, data: Any = None, *, lengths: list[int]) -> None:
        super().__init__(data)
        offered = [(length, durations.in_words(length)) for length in lengths]
        self.fields["duration"].choices = offered  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not FIRST <= day <= LAST:
            raise ValidationError(_("Please give a date between 1990 and 2200."))
        return day

    @property
    def asked(self) -> dict[str, Any]:
        """For why.not_offered."""
        asked = self.cleaned_data
        return {"day": asked["day"], "at": asked["time"], "duration": asked["duration"]}

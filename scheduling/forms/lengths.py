"""Lengths of time as a host gives them: minutes, typed or chosen."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from scheduling import durations
from scheduling.models.scheduler import GRID

DAY = 24 * 60
SHORTEST, LONGEST = GRID, 12 * 60
MOST_DURATIONS = 12
BUFFERS = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120)
INCREMENTS = (5, 10, 15, 20, 30, 45, 60, 90, 120)
NOTICES = (0, 15, 30, 60, 120, 240, 480, 720, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY)


class DurationsField(forms.CharField):
    """Minutes, one or several: "15, 30". Cleaned: a sorted list of multiples of five."""

    default_error_messages = {
        "number": _("Please give minutes as whole numbers, such as 15, 30."),
        "range": _("Each duration is between 5 minutes and 12 hours (720), in steps of five."),
        "many": _("Please offer at most 12 durations."),
    }

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(minutes) for minutes in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        words = re.split(r"[\s,;]+", super().clean(value))
        typed = [word for word in words if word]
        if not typed or any(not re.fullmatch(r"-?[0-9]{1,9}", word, re.ASCII) for word in typed):
            raise ValidationError(self.error_messages["number"], code="number")
        found = sorted({int(word) for word in typed})
        if any(minutes % GRID or not SHORTEST <= minutes <= LONGEST for minutes in found):
            raise ValidationError(self.error_messages["range"], code="range")
        if len(found) > MOST_DURATIONS:
            raise ValidationError(self.error_messages["many"], code="many")
        return found


class MinutesField(forms.TypedChoiceField):
    """Lengths to choose from, in words."""

    default_error_messages = {"required": _("Please choose a length from the list.")}

    def __init__(self, lengths: Iterable[int], **kwargs: Any) -> None:
        self.lengths = tuple(lengths)
        super().__init__(coerce=int, **kwargs)
        self.offer()

    def offer(self, *extra: int) -> None:
        """The lengths, and one that the scheduler has already."""
        found = sorted({*self.lengths, *extra})
        self.choices = [(length, durations.in_words(length) if length else _("None")) for length in found]
